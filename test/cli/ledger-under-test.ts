/** An edge with two sessions on record, pulled after each of them: what audits are tried on. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { readKeys } from "../../cli/local/edge-keys.ts";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { LocalEdge } from "../../cli/local/start-edge.ts";
import { connect } from "../../sdk/index.ts";
import { compiledFile } from "../harness/compiled-table.ts";
import { agentpolicy, FIRST_POLICY, folderWith } from "./run-command.ts";
import type { Folder, Ran } from "./run-command.ts";

export interface LedgerUnderTest {
  readonly folder: Folder;
  readonly edge: LocalEdge;
  /** Sessions of four records each. */
  readonly first: string;
  readonly second: string;
  /** Pulled between the two, and after both. */
  readonly earlier: readonly string[];
  readonly whole: readonly string[];
  here(...args: string[]): Promise<Ran>;
  read(name: string): readonly string[];
  /** Another session of four records, closed and anchored. */
  ran(): Promise<string>;
  keys(): ReturnType<typeof readKeys>;
  /** `audit verify` of these lines, with the key that the edge published. */
  verify(lines: readonly string[], ...more: readonly string[]): Promise<Ran>;
  stop(): Promise<void>;
}

export async function startLedger(): Promise<LedgerUnderTest> {
  const folder = folderWith({});
  const table = compiledFile(join(FIRST_POLICY, "sales.agentpolicy"));
  const edge = await startEdge({ table, directory: join(folder.path, ".agentpolicy") });
  const here = (...args: string[]): Promise<Ran> => agentpolicy(args, { cwd: folder.path });
  const read = (name: string): readonly string[] =>
    readFileSync(join(folder.path, name), "utf8")
      .split("\n")
      .filter((line) => line !== "");
  const pulled = async (name: string): Promise<readonly string[]> => {
    expect(await here("audit", "pull", "-o", name)).toMatchObject({ code: 0 });
    return read(name);
  };
  const ran = () => sessionAt(edge, folder);
  writeFileSync(join(folder.path, "jwks.json"), await (await fetch(`${edge.url}/.well-known/jwks.json`)).text());
  const first = await ran();
  const earlier = await pulled("earlier.ndjson");
  const second = await ran();
  const whole = await pulled("whole.ndjson");
  return {
    folder,
    edge,
    first,
    second,
    earlier,
    whole,
    here,
    read,
    ran,
    keys: () => readKeys(join(folder.path, ".agentpolicy")),
    verify: async (lines, ...more) => {
      writeFileSync(join(folder.path, "log.ndjson"), lines.map((line) => `${line}\n`).join(""));
      return here("audit", "verify", "log.ndjson", "--key", "jwks.json", ...more);
    },
    stop: async () => {
      await edge.stop();
      folder[Symbol.dispose]();
    },
  };
}

async function sessionAt(edge: LocalEdge, folder: Folder): Promise<string> {
  const key = readFileSync(join(FIRST_POLICY, "keys/sales_bot.jwk"), "utf8");
  const session = await connect({ edge: edge.url, agent: "sales_bot", key }).open();
  await session.authorize("crm.deals.read", { deal: "d-1" });
  await session.authorize("crm.deals.read", { deal: "d-2" });
  await session.close();
  const token = readFileSync(join(folder.path, ".agentpolicy/tokens/auditor"), "utf8").trim();
  await vi.waitFor(
    async () => {
      const reply = await fetch(`${edge.url}/v1/audit/proof?session=${session.id}&seq=4`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(await reply.json()).toMatchObject({ proof: { seq: 4 } });
    },
    { timeout: 10_000, interval: 100 },
  );
  return session.id;
}
