/** An edge over a folder of its own, and the command as a person calls it there: it finds the edge's address and tokens. */
import { join } from "node:path";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { LocalEdge } from "../../cli/local/start-edge.ts";
import { EdgeUnderTest, makeAgents, tableText } from "../edge-http/edge-under-test.ts";
import type { PolicyParts } from "../edge-http/policy-text.ts";
import { agentpolicy, folderWith } from "./run-command.ts";
import type { Ran } from "./run-command.ts";

export interface EdgeInFolder {
  readonly path: string;
  readonly edge: LocalEdge;
  readonly here: (...args: string[]) => Promise<Ran>;
  readonly stop: () => Promise<void>;
}

export async function startEdgeInFolder(table: string): Promise<EdgeInFolder> {
  const folder = folderWith({});
  const edge = await startEdge({ table, directory: join(folder.path, ".agentpolicy") });
  return {
    path: folder.path,
    edge,
    here: (...args) => agentpolicy(args, { cwd: folder.path }),
    stop: async () => {
      await edge.stop();
      folder[Symbol.dispose]();
    },
  };
}

/** With agents whose keys are at hand. */
export async function startTestEdgeInFolder(
  parts: PolicyParts = {},
): Promise<EdgeInFolder & { readonly tools: EdgeUnderTest }> {
  const agents = await makeAgents();
  const table = tableText(agents, parts);
  const started = await startEdgeInFolder(table);
  return { ...started, tools: new EdgeUnderTest(started.edge, agents, table) };
}
