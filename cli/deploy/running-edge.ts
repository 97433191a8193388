/** What answers at the address now: the next sequence number follows from it, and success is that it changed. */
import { setTimeout as pause } from "node:timers/promises";
import { environment } from "../failure.ts";

interface Health {
  readonly policy_hash: string;
  readonly sequence: number;
}

/**
 * One more than what runs; the same where the same table runs already. A wrong number is safe: objects refuse a lower
 * one than they have seen, and then the edge answers 503 instead of deciding.
 */
export async function nextSequence(origin: string, hash: string, first: boolean): Promise<number> {
  const running = await health(origin);
  if (running !== null) return running.policy_hash === hash ? running.sequence : running.sequence + 1;
  if (first) return 1;
  throw environment(`nothing answers at ${origin}`, "if this is the first deployment there, say so with `--first`");
}

/** Waits up to a minute until the address answers with this table. */
export async function waitForHash(origin: string, hash: string): Promise<void> {
  for (let attempt = 0; attempt < 30; attempt++) {
    if ((await health(origin))?.policy_hash === hash) return;
    await pause(2000);
  }
  throw environment(
    `uploaded, but ${origin} doesn't answer with the new policy`,
    "look at the Worker's domain and logs",
  );
}

/** Null for whatever isn't an edge's answer. */
async function health(origin: string): Promise<Health | null> {
  try {
    const response = await fetch(`${origin}/healthz`, { signal: AbortSignal.timeout(10_000), redirect: "manual" });
    const body: unknown = await response.json();
    if (!response.ok || typeof body !== "object" || body === null) return null;
    const { policy_hash: hash, sequence } = body as Partial<Health>;
    return typeof hash === "string" && typeof sequence === "number" ? { policy_hash: hash, sequence } : null;
  } catch {
    return null;
  }
}
