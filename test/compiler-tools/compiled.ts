import { compile, type Compilation } from "../../compiler/index.ts";
import type { Table } from "../../engine/index.ts";
import { completedPolicy } from "./completed-policy.ts";

/** Compiles a piece of a policy, completed; fails with the findings where there is an error. */
export function compiled(piece: string): Compilation & { readonly table: Table } {
  const compilation = compile([{ name: "piece.agentpolicy", text: completedPolicy(piece) }]);
  const { table } = compilation;
  if (table === null) {
    const errors = compilation.diagnostics.filter((one) => one.level === "error");
    throw new Error(errors.map((one) => `${one.code} ${one.message} (${one.help ?? "no help"})`).join("\n"));
  }
  return { ...compilation, table };
}
