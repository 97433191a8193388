/** What to type next: calls that work as they stand, with the keys and tokens that lie on this machine. */
import { join, relative } from "node:path";
import type { Agent, Table } from "../../engine/index.ts";
import { visibleJson } from "../inert.ts";
import { OWN_FOLDER } from "../own-folder.ts";
import type { Colours } from "../terminal.ts";
import { firstCall } from "./first-call.ts";

export interface Running {
  readonly url: string;
  readonly folder: string;
  readonly table: Table;
  /** Agent to file. */
  readonly keys: ReadonlyMap<string, string>;
}

export function firstSteps(running: Running, paint: Colours): string {
  const { table, keys } = running;
  const agent = table.body.agents.find((one) => keys.has(one.name));
  const agentLines = agent === undefined ? withoutKey(table, paint) : withKey(running, agent, paint);
  return [...agentLines, ...peopleLines(running, paint)].join("\n");
}

function withKey({ url, table, keys }: Running, agent: Agent, paint: Colours): readonly string[] {
  const key = keys.get(agent.name) ?? "";
  const file = key === join(OWN_FOLDER, "keys", `${agent.name}.jwk`) ? "" : ` --key ${key}`;
  const open = `npx agentpolicy sessions open ${agent.name}${file}`;
  const body = { ...firstCall(table, agent), request_id: "try-1" };
  return [
    paint.dim("# open a session as an agent, and ask"),
    ...(agent.requester_required
      ? [
          `REQUESTER=$(npx agentpolicy sessions requester-token ${agent.name})`,
          `TOKEN=$(${open} --requester-token $REQUESTER)`,
        ]
      : [`TOKEN=$(${open})`]),
    `curl -s ${url}/v1/authorize -H "authorization: Bearer $TOKEN" \\`,
    `  -H "content-type: application/json" \\`,
    `  -d '${visibleJson(JSON.stringify(body)).replaceAll("'", `'\\''`)}'`,
    "",
  ];
}

function withoutKey(table: Table, paint: Colours): readonly string[] {
  const name = table.body.agents[0]?.name;
  if (name === undefined) return [paint.dim("# the policy has no agent yet"), ""];
  return [
    paint.dim("# no private key of an agent lies here; make one, and put the line it prints"),
    paint.dim(`# in the place of the one in \`agent ${name}\``),
    `npx agentpolicy keys new ${name}`,
    "",
  ];
}

function peopleLines({ folder, table }: Running, paint: Colours): readonly string[] {
  const agent = table.body.agents[0]?.name ?? "AGENT";
  const lines = [
    paint.dim("# what waits for a person; stop an agent, and let it go on; read what happened"),
    "npx agentpolicy approvals",
    `npx agentpolicy kill agent ${agent} --reason "trying it out"`,
    `npx agentpolicy lift agent ${agent} --reason "tried it out"`,
    "npx agentpolicy audit pull -o records.ndjson",
    "npx agentpolicy audit verify records.ndjson",
    paint.dim(`# tokens for curl are in ${shown(folder)}/tokens`),
  ];
  const { operators, auditors } = table.body.settings;
  if (operators.length === 0)
    lines.push(paint.yellow("# the policy names no `operators`: nobody can flip a kill switch"));
  if (auditors.length === 0) lines.push(paint.yellow("# the policy names no `auditors`: nobody can read records"));
  return lines;
}

function shown(folder: string): string {
  return relative(process.cwd(), folder) || ".";
}
