/** How large a bench is to be: a whole number from 1, from the environment or as usual. */
export function sizeOf(name: string, usual: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return usual;
  const size = Number(text);
  if (!Number.isSafeInteger(size) || size < 1) throw new Error(`${name} takes a whole number from 1`);
  return size;
}
