/** An edge in a process of its own, so that a test can kill it: `node run-exporting-edge.ts TABLE_FILE DIRECTORY BINDINGS`. */
import { readFileSync } from "node:fs";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { Bindings } from "../../cli/local/runtime-options.ts";

const [table = "", directory = "", bindings = "{}"] = process.argv.slice(2);
const edge = await startEdge({
  table: readFileSync(table, "utf8"),
  directory,
  bindings: JSON.parse(bindings) as Bindings,
});
process.stdout.write(`${edge.url}\n`);
