/** One request to a receiver, and what its answer means. Never throws: what can't be reached is asked again. */
import type { Delivery } from "./outgoing.ts";

export interface Answer {
  readonly status: number;
  /** Empty where nobody reads it. */
  readonly text: string;
  readonly retry_after: number | null;
}

/** All that one request may take. */
const PATIENCE = 10_000;
/** Bytes; longer answers say nothing more that matters, and would fill the object's memory. */
const MOST_READ = 16 * 1024;
/** Nobody waits longer because a receiver says so. */
const LONGEST_WAIT = 3_600_000;

export async function askReceiver(request: Request): Promise<Answer | Delivery> {
  try {
    const response = await fetch(request, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    const text = await beginningOf(response);
    return { status: response.status, text, retry_after: retryAfter(response.headers.get("Retry-After")) };
  } catch (cause) {
    return { kind: "later", why: `it can't be reached: ${nameOf(cause)}`, after: null };
  }
}

async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const part of body) {
    size += part.byteLength;
    text += decoder.decode(part, { stream: true });
    // Leaving the loop ends the transfer.
    if (size >= MOST_READ) break;
  }
  return text.slice(0, MOST_READ);
}

/** A message could quote the address, which may hold what only its owner should know. */
function nameOf(cause: unknown): string {
  return cause instanceof Error && cause.name === "TimeoutError" ? "no answer in time" : "the connection failed";
}

export function isAnswer(given: Answer | Delivery): given is Answer {
  return "status" in given;
}

/** What the receiver didn't understand stays wrong; all else may be better later, also what its owner has to put right. */
const REFUSALS: readonly number[] = [400, 406, 409, 410, 411, 413, 414, 415, 422];

export function judgeStatus({ status, retry_after }: Answer): Delivery {
  if (status >= 200 && status < 300) return { kind: "sent" };
  const why = `it answered ${status}`;
  return REFUSALS.includes(status) ? { kind: "refused", why } : { kind: "later", why, after: retry_after };
}

/** Milliseconds; seconds or a date in the field (RFC 9110, section 10.2.3). */
function retryAfter(field: string | null): number | null {
  if (field === null) return null;
  const ms = /^\d{1,6}$/.test(field) ? Number(field) * 1_000 : Date.parse(field) - Date.now();
  return Number.isNaN(ms) || ms <= 0 ? null : Math.min(ms, LONGEST_WAIT);
}
