/** Tree to table, and what can be told from a policy. Start at `compile.ts`. */
export { compile, type CompileOptions } from "./compile.ts";
export { sha256Hex } from "./hash.ts";
export { serializeTable } from "./lower/lower-table.ts";
export type * from "./program.ts";
