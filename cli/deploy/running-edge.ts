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
type Found<Wanted> = Wanted | { readonly instead: string };

/**
 * One more than any policy had there; the same where the same table runs under the newest. A wrong number is safe:
 * objects refuse a lower one than they have seen, and then the edge answers 503 instead of deciding.
 */
export async function nextSequence(origin: string, hash: string, first: boolean): Promise<number> {
  const running = await lookAt(origin, "/healthz", readHealth);
  if ("instead" in running) {
    if (first) return 1;
    throw environment(
      `no edge answers at ${origin}: ${running.instead}`,
      "if this is the first deployment there, say so with `--first`; otherwise put that right first",
    );
  }
  const newest = await lookAt(origin, "/v1/policy/sequence", readNewest);
  if ("instead" in newest)
    throw environment(
      `the edge at ${origin} doesn't say which number its policies have come to: ${newest.instead}`,
      "deploy again once it does",
    );
  return running.policy_hash === hash && running.sequence === newest.sequence ? running.sequence : newest.sequence + 1;
}

/** Waits up to a minute until the address answers with this table. */
export async function waitForHash(origin: string, hash: string): Promise<void> {
  let found: Found<Health> = { instead: "it wasn't asked" };
  for (let attempt = 0; attempt < 30; attempt++) {
    found = await lookAt(origin, "/healthz", readHealth);
    if ("policy_hash" in found && found.policy_hash === hash) return;
    await pause(2000);
  }
  throw environment(
    `uploaded, but ${origin} doesn't answer with the new policy: ` +
      ("instead" in found ? found.instead : `it still enforces ${found.policy_hash}, sequence ${found.sequence}`),
    "look at the Worker's domain and logs",
  );
}

type Read<Wanted> = (body: { readonly [name: string]: unknown }) => Wanted | null;

async function lookAt<Wanted extends object>(origin: string, path: string, read: Read<Wanted>): Promise<Found<Wanted>> {
  const options = { signal: AbortSignal.timeout(PATIENCE), redirect: "manual" } as const;
  try {
    const response = await fetch(`${origin}${path}`, options);
    const body = parsed(await response.text());
    if (response.status !== 200) return { instead: `it answers ${response.status}${problemIn(body)}` };
    return read(body) ?? { instead: "what answers is no edge" };
  } catch (error) {
    return { instead: whyUnreachable(error) };
  }
}

const readHealth: Read<Health> = ({ policy_hash, sequence }) =>
  typeof policy_hash === "string" && typeof sequence === "number" ? { policy_hash, sequence } : null;

const readNewest: Read<Pick<Health, "sequence">> = ({ sequence }) =>
  typeof sequence === "number" ? { sequence } : null;

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
