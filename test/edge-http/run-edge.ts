/** An edge in a process of its own, so that a test can kill it: `node run-edge.ts TABLE_FILE DIRECTORY [PORT] [BINDINGS]`. */
import { readFileSync } from "node:fs";
import type { Bindings } from "../../cli/local/runtime-options.ts";
import { startEdge } from "../../cli/local/start-edge.ts";

const [table = "", directory = "", port = "0", bindings = "{}"] = process.argv.slice(2);
const edge = await startEdge({
  table: readFileSync(table, "utf8"),
  directory,
  port: Number(port),
  bindings: JSON.parse(bindings) as Bindings,
});
process.stdout.write(`${edge.url}\n`);
