/** What must hold of the edge's answer to any call, however wrong. */
import { callersOf } from "./callers.ts";
import type { FuzzCall } from "./random-call.ts";
import type { RawAnswer, RawOutcome } from "../harness/raw-call.ts";

const SAFE: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/** What is wrong, or an empty list. */
export function faultsOf(call: FuzzCall, outcome: RawOutcome): readonly string[] {
  if (outcome.kind === "hang") return ["no answer in time"];
  if (outcome.kind === "closed") return call.broken ? [] : ["the connection was closed without an answer"];
  const { answer } = outcome;
  const shown = call.secrets.filter((secret) => answer.text.includes(secret)).map(() => "the credential is echoed");
  if (call.broken && isRuntimes(answer)) return shown;
  return [
    ...shown,
    ...(answer.status >= 500 ? [`status ${answer.status}`] : []),
    ...(answer.headers.get("cache-control") === "no-store" ? [] : ["no `Cache-Control: no-store`"]),
    ...(answer.headers.has("x-injected") ? ["a header was injected"] : []),
    ...(admitted(answer) && !callersOf(call.raw.method, call.route.path).includes(call.credential)
      ? ["served to a caller of the wrong kind"]
      : []),
    ...(answer.status >= 400 && call.raw.method !== "HEAD" ? problemFaults(answer) : []),
  ];
}

/** The call may have changed something. */
export function mayChange(call: FuzzCall, outcome: RawOutcome): boolean {
  return outcome.kind === "answer" && admitted(outcome.answer) && !SAFE.includes(call.raw.method);
}

/** The runtime's own refusal of what isn't HTTP, before the edge sees it: no answer of the edge's has such a type. */
export function isRuntimes({ status, headers }: RawAnswer): boolean {
  return status >= 400 && !(headers.get("content-type") ?? "").includes("json");
}

function admitted({ status }: RawAnswer): boolean {
  return status >= 200 && status < 300;
}

/** RFC 9457, in words that say what to do. */
function problemFaults({ status, headers, body }: RawAnswer): readonly string[] {
  const type = headers.get("content-type");
  if (type !== "application/problem+json") return [`${status} as ${String(type)}: ${body.slice(0, 200)}`];
  const problem = parsed(body);
  if (problem === null) return ["the problem is no JSON"];
  const { detail } = problem;
  const told = typeof detail === "string" && /^.{15,}$/s.test(detail) && /\s/.test(detail);
  return [
    ...(problem["status"] === status ? [] : ["the problem has another status"]),
    ...(/^urn:agentpolicy:problem:\w+$/.test(String(problem["type"])) ? [] : ["the problem's type is unknown"]),
    ...(told && !/undefined|\[object|NaN|\bat \S+:\d+/.test(detail) ? [] : [`no sentence: ${String(detail)}`]),
    ...(status === 405 && !headers.has("allow") ? ["405 without `Allow`"] : []),
    ...(status === 401 && !headers.has("www-authenticate") ? ["401 without `WWW-Authenticate`"] : []),
  ];
}

function parsed(text: string): { readonly [name: string]: unknown } | null {
  try {
    return JSON.parse(text) as { readonly [name: string]: unknown };
  } catch {
    return null;
  }
}
