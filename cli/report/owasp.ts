/** `check --report owasp`, as text or JSON, on stdout. */
import { owaspReport, owaspText } from "../../compiler/index.ts";
import { undelivered } from "../../edge/delivered.ts";
import { type Compiled, tableOrFrames } from "../compile-path.ts";
import { isColoured, print, printJson, widthOf } from "../terminal.ts";

export function printOwasp(compiled: Compiled, format: "text" | "json"): void {
  const table = tableOrFrames(compiled);
  if (table === null) return;
  const report = owaspReport(table, compiled.compilation.diagnostics, compiled.sources, undelivered(table.body));
  if (format === "json") printJson(report);
  else print(owaspText(report, { colour: isColoured("stdout"), width: widthOf("stdout") }));
}
