export async function main(argv: string[]): Promise<number> {
  console.log(process.version, process.cwd(), argv);
  return 0;
}
