/** What the Worker writes to its log, as a person at the terminal reads it. */
import { inert } from "../inert.ts";

/** What goes on failing is said again after so many milliseconds, and not at each try. */
const QUIET = 60_000;
/** So many different lines are remembered. */
const MOST = 1_000;

// oxlint-disable-next-line no-control-regex
const COLOUR = /\u001b\[\d+m/g;

/** @param clock milliseconds; any start will do */
export function createEdgeLog(say: (text: string) => void, clock: () => number): (line: string) => void {
  const said = new Map<string, number>();
  return (written) => {
    // workerd colours what it prints of objects; all else that could hide something is escaped below.
    const line = written.replaceAll(COLOUR, "");
    const now = clock();
    const before = said.get(line);
    if (isComplaint(line) && before !== undefined && now - before < QUIET) return;
    if (said.size >= MOST) said.clear();
    said.set(line, now);
    say(edgeLogLine(line));
  };
}

/** A message of the edge's own tells what happened, each time that it did. */
function isComplaint(line: string): boolean {
  return /^(warn|error): (?!\{)/.test(line);
}

/** @param line `LEVEL: MESSAGE`; a message of the edge's own is one JSON object with an `event` */
function edgeLogLine(line: string): string {
  const message = line.replace(/^\w+: /, "");
  const event = readEvent(message);
  if (event === null) return `edge: ${inert(line)}`;
  if (event["event"] === "shield_denied") {
    return inert(`edge: refused ${String(event["agent"])} without a record, as a kill switch stops ${stopped(event)}`);
  }
  if (event["event"] === "shield_missing") return `edge: ${UNSHIELDED}`;
  if (event["event"] === "breaker_tripped") return inert(`edge: ${tripText(event)}`);
  const { event: name, ...rest } = event;
  const facts = Object.entries(rest).map(([key, value]) => `${key} ${String(value)}`);
  return inert(`edge: ${[String(name).replaceAll("_", " "), ...facts].join(", ")}`);
}

const UNSHIELDED =
  "the copy of the switches in KV is missing, so that what is killed costs its sessions a look each; any `kill` or `lift` writes it anew";

function tripText({ breaker, what, kills }: { readonly [name: string]: unknown }): string {
  const killed = Array.isArray(kills) ? kills.map(String) : [];
  const fate =
    killed.length === 0 ? "it tells, and kills nothing" : `it kills ${killed.join(", ")} until somebody lifts that`;
  return `breaker ${String(breaker)} tripped (${String(what)}); ${fate}`;
}

function stopped({ scope, name }: { readonly [name: string]: unknown }): string {
  if (scope === "fleet") return "every agent";
  return scope === "requester" ? "its requester" : `${String(scope)} ${String(name)}`;
}

function readEvent(message: string): { readonly [name: string]: unknown } | null {
  try {
    const value: unknown = JSON.parse(message);
    return typeof value === "object" && value !== null && "event" in value ? { ...value } : null;
  } catch {
    return null;
  }
}
