/** What operators ask of the exports of an edge. */
import { answerWith, listIn } from "./answer-members.ts";
import { send } from "./transport.ts";
import type { Call, Transport } from "./transport.ts";

export interface SinkState {
  readonly name: string;
  /** Records that it hasn't got yet, and how long the oldest has waited. */
  readonly waiting: number;
  readonly lag_seconds: number;
  readonly sent: number;
  /** Tries that came to nothing. */
  readonly failed: number;
  /** Records that it didn't take. */
  readonly dead: number;
  /** How often a record became one of those. */
  readonly given_up: number;
  /** What went wrong last; null when the last try went well. */
  readonly problem: string | null;
}

export interface WireDeadLetter {
  readonly shard: number;
  /** The root session whose record it is, or `board`. */
  readonly log: string;
  readonly seq: number;
  readonly problem: string;
  readonly at: string;
  /** Whether it is being sent again. */
  readonly again: boolean;
}

export interface ExportDesk {
  exports(): Promise<readonly SinkState[]>;
  deadLetters(sink: string): Promise<readonly WireDeadLetter[]>;
  /** How many go out again. */
  requeue(sink: string, reason: string): Promise<number>;
}

export function exportDeskOf(transport: Transport, headers: Readonly<Record<string, string>>): ExportDesk {
  const ask = async (call: Omit<Call, "headers">): Promise<unknown> =>
    (await send(transport, { ...call, headers })).body;
  const path = (sink: string, what: string): string => `/v1/exports/${encodeURIComponent(sink)}/${what}`;
  return {
    exports: async () => listIn(await ask({ method: "GET", path: "/v1/exports" }), "exports"),
    deadLetters: async (sink) => listIn(await ask({ method: "GET", path: path(sink, "dead") }), "dead"),
    requeue: async (sink, reason) => {
      const body = await ask({ method: "POST", path: path(sink, "requeue"), body: { reason } });
      return answerWith<{ readonly requeued: number }>(body, "requeued").requeued;
    },
  };
}
