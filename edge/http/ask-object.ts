/**
 * One call to an object, and what its failures mean over HTTP. An object that can't answer has decided nothing that the
 * Worker could know of, so the caller gets 503 and treats it as a deny.
 */
import type { Refusal } from "../rpc.ts";
import { HttpProblem, retryAfter } from "./problem.ts";

const SOON = retryAfter(1);

/**
 * What the object answers, refusals turned into problems. A call that the platform says never ran is made once more.
 * @param call Makes a fresh stub each time: one that has thrown stays broken.
 */
export async function askObject<T extends object>(call: () => Promise<T>): Promise<Exclude<T, Refusal>> {
  let answer: T;
  try {
    answer = await retryOnce(call);
  } catch (error) {
    throw unreachable(error);
  }
  if ("refused" in answer) throw refusalProblem(answer as unknown as Refusal);
  return answer as Exclude<T, Refusal>;
}

/** Null where it is refused for this. */
export async function orNothing<T>(kind: HttpProblem["kind"], ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HttpProblem && error.kind === kind) return null;
    throw error;
  }
}

async function retryOnce<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (flag(error, "retryable") && !flag(error, "overloaded")) return call();
    throw error;
  }
}

function unreachable(error: unknown): HttpProblem {
  // A message of the runtime or of an object may quote what it was given, so only its kind goes into the log.
  const name = error instanceof Error ? error.name : typeof error;
  const overloaded = flag(error, "overloaded");
  console.error(JSON.stringify({ event: "object_unreachable", name, overloaded, remote: flag(error, "remote") }));
  const detail = overloaded
    ? "this session asks for more than can be decided; treat it as a deny and slow down"
    : "the object that decides can't be reached; treat it as a deny and try again with the same request id";
  return new HttpProblem("unreachable", detail, [], SOON);
}

/** Set on errors by the platform: https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
function flag(error: unknown, name: "retryable" | "overloaded" | "remote"): boolean {
  return typeof error === "object" && error !== null && name in error && Reflect.get(error, name) === true;
}

function refusalProblem(refusal: Refusal): HttpProblem {
  switch (refusal.refused) {
    case "policy_stale":
      return new HttpProblem("policy_stale", "a newer policy than this Worker's is in force; try again", [], SOON);
    case "not_found":
      return new HttpProblem("not_found", "there is nothing here under this id");
    case "request_id_reused":
      return new HttpProblem("request_id_reused", "this `request_id` was used for another request; use a fresh one");
    case "flood":
      return new HttpProblem("flood", "this session asks too often; slow down", [], retryAfter(refusal.retry_after));
    case "conflict":
      return new HttpProblem("conflict", refusal.detail);
    case "replayed_credential":
      return new HttpProblem("unauthenticated", "this credential was used before; get a fresh one for each call");
    case "forbidden":
      return new HttpProblem("forbidden", refusal.detail);
    default:
      return unknownRefusal(refusal);
  }
}

/** An object of a newer version may know refusals that this Worker doesn't: a refusal all the same. */
function unknownRefusal(_refusal: never): HttpProblem {
  console.error(JSON.stringify({ event: "unknown_refusal" }));
  return new HttpProblem("internal", "the edge refused for a reason of its own; treat it as a deny");
}
