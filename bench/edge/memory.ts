/** What sessions take of the server's memory: many that rest, and one that has decided much. */
import { edgeOf, openSessions } from "./edge-under-load.ts";
import { putLoad } from "./load.ts";
import { requestBody } from "./policy.ts";
import { residentMemory, type RunningWorker, startWorkerd } from "./workerd.ts";

export interface Memory {
  readonly resting: number;
  /** Bytes of each that rests, its agent's part included. */
  readonly resting_bytes: number;
  readonly decisions: number;
  /** Bytes by which the server grew over the decisions of one session. */
  readonly busy_bytes: number;
}

const RESTING = 1_000;
const AGENTS = 20;
/** Requests a second that one session may ask, with room. */
const RATE = 18;

export async function measureMemory({ decisions }: { readonly decisions: number }): Promise<Memory> {
  const fleet = await edgeOf(AGENTS);
  const edge = await startWorkerd(fleet.source, "/healthz");
  try {
    await openSessions(edge.url, fleet.keys, AGENTS);
    const empty = residentMemory(edge.process);
    const tokens = await openSessions(edge.url, fleet.keys, RESTING);
    const resting_bytes = (residentMemory(edge.process) - empty) / RESTING;
    const [token = "", ...others] = tokens;
    await warmUp(edge, others);
    const busy_bytes = await growthOver(edge, token, decisions);
    return { resting: RESTING, resting_bytes, decisions, busy_bytes };
  } finally {
    await edge.stop();
  }
}

/** What the server takes for running at all isn't the session's. */
async function warmUp(edge: RunningWorker, tokens: readonly string[]): Promise<void> {
  let at = 0;
  const next = () => ({ token: tokens[at++ % tokens.length] ?? "", body: requestBody(crypto.randomUUID()) });
  await putLoad({ url: edge.url, clients: 4, seconds: 10, next, rate: null });
}

async function growthOver(edge: RunningWorker, token: string, decisions: number): Promise<number> {
  const next = () => ({ token, body: requestBody(crypto.randomUUID()) });
  const before = residentMemory(edge.process);
  await putLoad({ url: edge.url, clients: 2, seconds: decisions / RATE, next, rate: RATE });
  return residentMemory(edge.process) - before;
}
