/** Text files are modules whose default export is their text (`find_additional_modules` and its default rules). */
declare module "*.txt" {
  const text: string;
  export default text;
}
