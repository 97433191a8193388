/** Tree to table, and what can be told from a policy. Start at `compile.ts`. */
export { sha256Hex } from "./hash.ts";
export type * from "./program.ts";
