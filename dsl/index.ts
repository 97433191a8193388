/** Text to tree and back. Start at `parse.ts`. */
export type * from "./ast.ts";
export type * from "./diagnostic.ts";
export { parse } from "./parse.ts";
