/** Where the edge is and one token a role, as files, so that `agentpolicy kill` and `curl` find them. */
import { chmod, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { TableBody } from "../../engine/index.ts";
import { writeWhole } from "../write-file.ts";
import { developmentPeople } from "./development-people.ts";
import type { DevelopmentPeople } from "./development-people.ts";
import { personToken, requesterToken } from "./development-tokens.ts";
import type { DevelopmentPerson } from "./development-tokens.ts";
import type { EdgeKeys } from "./edge-keys.ts";

/** Whom the requesters' tokens on disk are for. */
const REQUESTER: DevelopmentPerson = { email: "requester@development.test" };

/**
 * `edge` holds the address, `tokens/operator`, `tokens/auditor`, `tokens/editor` and `tokens/approver`, `approver-2`, … a person's
 * token each, `tokens/people/EMAIL` the same by address, `tokens/requester/AGENT` one that opens one session.
 */
export async function writeTokens(
  directory: string,
  url: string,
  keys: EdgeKeys,
  body: TableBody | null,
  listed: readonly string[] = [],
): Promise<void> {
  const folder = join(directory, "tokens");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  if (body !== null) await writeRoles(folder, keys, developmentPeople(body, listed), body);
  await writeWhole(join(directory, "edge"), `${url}\n`);
}

async function writeRoles(folder: string, keys: EdgeKeys, people: DevelopmentPeople, body: TableBody): Promise<void> {
  const { operator, auditor, editor, approvers } = people;
  const named = [
    ["operator", operator],
    ["auditor", auditor],
    ["editor", editor],
    ...approvers.map((person, at) => [at === 0 ? "approver" : `approver-${at + 1}`, person] as const),
    ...[operator, auditor, editor, ...approvers].map(
      (person) => [join("people", fileName(person.email)), person] as const,
    ),
  ] as const;
  for (const [name, person] of named) await write(join(folder, name), await personToken(keys, person));
  for (const agent of body.agents)
    await write(
      join(folder, "requester", fileName(agent.name)),
      await requesterToken(keys, { ...REQUESTER, agent: agent.name }),
    );
}

/** An address may hold a slash, which mustn't lead out of the folder. */
function fileName(text: string): string {
  return encodeURIComponent(text).replaceAll("%40", "@");
}

async function write(path: string, token: string): Promise<void> {
  await writeWhole(path, `${token}\n`, { mode: 0o600 });
}
