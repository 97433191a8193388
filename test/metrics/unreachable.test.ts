/** Metrics of an edge in which one agent's object has broken: the others' are needed all the more. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startEdge } from "../../cli/local/start-edge.ts";
import { connect } from "../../sdk/index.ts";
import { FIRST_POLICY, folderWith } from "../cli/run-command.ts";
import { compiledFile } from "../harness/compiled-table.ts";
import { parseOpenMetrics } from "./open-metrics-parser.ts";

test("an agent that can't be reached is counted as left out, and hides nothing else", async () => {
  using folder = folderWith({});
  const directory = join(folder.path, ".agentpolicy");
  const table = compiledFile(join(FIRST_POLICY, "sales.agentpolicy"));
  const before = await startEdge({ table, directory });
  const key = readFileSync(join(FIRST_POLICY, "keys/sales_bot.jwk"), "utf8");
  await connect({ edge: before.url, agent: "sales_bot", key }).open();
  await before.stop();
  const objects = join(directory, "state/do/agentpolicy-AgentObject");
  for (const name of readdirSync(objects).filter((file) => /^[0-9a-f]{64}\.sqlite/.test(file)))
    writeFileSync(join(objects, name), "this is no database");
  const after = await startEdge({ table, directory });
  try {
    const authorization = `Bearer ${readFileSync(join(directory, "tokens/operator"), "utf8").trim()}`;
    const reply = await fetch(`${after.url}/metrics`, { headers: { authorization } });
    expect(reply.status).toBe(200);
    const families = new Map(parseOpenMetrics(await reply.text()).map((family) => [family.name, family.samples]));
    expect(families.get("agentpolicy_agents_not_asked")).toMatchObject([{ value: 1 }]);
    expect(families.get("agentpolicy_sessions_live")).toEqual([]);
    expect(families.get("agentpolicy_switches_flipped")).toHaveLength(7);
  } finally {
    await after.stop();
  }
});
