/** What answers at the address now: the next sequence number follows from it, and success is that it changed. */
import { setTimeout as pause } from "node:timers/promises";
import { environment } from "../failure.ts";
import { inert } from "../inert.ts";

/** How long one look may take, in milliseconds. */
const PATIENCE = 10_000;

interface Health {
  readonly policy_hash: string;
  readonly sequence: number;
}

/** What was found at an address: an edge that is ready, or in words what is there instead. */
type Found = Health | { readonly instead: string };

/**
 * One more than what runs; the same where the same table runs already. A wrong number is safe: objects refuse a lower
 * one than they have seen, and then the edge answers 503 instead of deciding.
 */
export async function nextSequence(origin: string, hash: string, first: boolean): Promise<number> {
  const running = await lookAt(origin);
  if (!("instead" in running)) return running.policy_hash === hash ? running.sequence : running.sequence + 1;
  if (first) return 1;
  throw environment(
    `no edge answers at ${origin}: ${running.instead}`,
    "if this is the first deployment there, say so with `--first`; otherwise put that right first",
  );
}

/** Waits up to a minute until the address answers with this table. */
export async function waitForHash(origin: string, hash: string): Promise<void> {
  let found: Found = { instead: "it wasn't asked" };
  for (let attempt = 0; attempt < 30; attempt++) {
    found = await lookAt(origin);
    if ("policy_hash" in found && found.policy_hash === hash) return;
    await pause(2000);
  }
  throw environment(
    `uploaded, but ${origin} doesn't answer with the new policy: ` +
      ("instead" in found ? found.instead : `it still enforces ${found.policy_hash}, sequence ${found.sequence}`),
    "look at the Worker's domain and logs",
  );
}

async function lookAt(origin: string): Promise<Found> {
  const options = { signal: AbortSignal.timeout(PATIENCE), redirect: "manual" } as const;
  try {
    const response = await fetch(`${origin}/healthz`, options);
    return readHealth(response.status, await response.text());
  } catch (error) {
    return { instead: whyUnreachable(error) };
  }
}

function readHealth(status: number, text: string): Found {
  const body = parsed(text);
  if (status !== 200) return { instead: `it answers ${status}${problemIn(body)}` };
  const { policy_hash: hash, sequence } = body;
  if (typeof hash === "string" && typeof sequence === "number") return { policy_hash: hash, sequence };
  return { instead: "what answers is no edge" };
}

/** An edge that can't decide says which part it lacks. */
function problemIn({ type, detail }: { readonly [name: string]: unknown }): string {
  const isOurs = typeof type === "string" && type.startsWith("urn:agentpolicy:problem:");
  return isOurs && typeof detail === "string" ? `, ${inert(detail)}` : "";
}

/** Empty for what is no JSON object: then it says nothing that counts. */
function parsed(text: string): { readonly [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** `fetch` rejects with a `TypeError` where the network fails, also in the middle of a body; what else is thrown is a bug. */
function whyUnreachable(error: unknown): string {
  if (error instanceof DOMException && error.name === "TimeoutError")
    return `it doesn't answer within ${PATIENCE / 1000} s`;
  if (!(error instanceof TypeError)) throw error;
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
  return `it can't be reached${code}`;
}
