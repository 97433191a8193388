/** What auditors ask the ledger of an edge. */
import { answerWith } from "./answer-members.ts";
import { send } from "./transport.ts";
import type { Call, Transport } from "./transport.ts";
import type { DisputeLine, LeafLine } from "./ledger-lines.ts";

export interface LedgerState {
  /** One a shard: signed notes (c2sp.org/tlog-checkpoint). */
  readonly checkpoints: readonly { readonly shard: number; readonly at: string; readonly note: string }[];
  /** Records that the ledger refused. */
  readonly disputes: readonly DisputeLine[];
}

export interface InclusionProof {
  readonly session: string;
  readonly seq: number;
  readonly shard: number;
  readonly leaf: number;
  readonly size: number;
  readonly hashes: readonly string[];
}

export interface Auditor {
  ledger(): Promise<LedgerState>;
  /** Leaves of a shard from one on, up to a size of its tree; `next` is where to go on. */
  leaves(
    shard: number,
    from: number,
    to: number,
  ): Promise<{ readonly runs: readonly Omit<LeafLine, "shard">[]; readonly next: number }>;
  /**
   * That the session's last record stands in the tree, which it is handed over to first; of a tree of an earlier size
   * the last one that stands in that. Null when none does.
   */
  headProof(session: string, size?: number): Promise<InclusionProof | null>;
  /** Keys that sign checkpoints, as the edge publishes them now. */
  checkpointKeys(): Promise<readonly { readonly x: string; readonly kid: string }[]>;
  /** Removes the arguments beside a record; false where there is nothing left to erase. */
  eraseArguments(session: string, seq: number, reason: string): Promise<boolean>;
}

export function auditorOf(transport: Transport, headers: Readonly<Record<string, string>>): Auditor {
  const call = async (request: Omit<Call, "headers">): Promise<unknown> =>
    (await send(transport, { ...request, headers })).body;
  const get = (path: string): Promise<unknown> => call({ method: "GET", path });
  return {
    ledger: async () => answerWith(await get("/v1/audit/checkpoint"), "checkpoints"),
    leaves: async (shard, from, to) =>
      answerWith(await get(`/v1/audit/leaves?shard=${shard}&from=${from}&to=${to}`), "runs"),
    headProof: async (session, size) => {
      const path = `/v1/audit/proof?session=${encodeURIComponent(session)}${size === undefined ? "" : `&size=${size}`}`;
      return answerWith<{ readonly proof: InclusionProof | null }>(await get(path), "proof").proof;
    },
    checkpointKeys: async () => {
      const { keys } = answerWith<{ readonly keys: readonly { x: string; kid: string; use: string }[] }>(
        await get("/.well-known/jwks.json"),
        "keys",
      );
      return keys.filter(({ use }) => use === "checkpoint").map(({ x, kid }) => ({ x, kid }));
    },
    eraseArguments: async (session, seq, reason) => {
      const path = `/v1/sessions/${encodeURIComponent(session)}/records/${seq}/args`;
      const body = await call({ method: "DELETE", path, body: { reason } });
      return answerWith<{ readonly erased: boolean }>(body, "erased").erased;
    },
  };
}
