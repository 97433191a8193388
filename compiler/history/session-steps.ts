/** One session step by step: each record in words. Text of agents and people stands as it was written. */
import type { JsonObject, JsonValue } from "../../engine/index.ts";
import { objectsOf, textOf, textsOf } from "./fields.ts";
import type { Entry, Log } from "./read-log.ts";
import { recordedDecision, type Outcome } from "./recorded-decision.ts";

export interface Step {
  readonly seq: number;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly session: string;
  readonly agent: string;
  readonly kind: string;
  /** Of a decision. */
  readonly outcome: Outcome | null;
  /** What happened, in one line. */
  readonly what: string;
  readonly details: readonly Detail[];
}

export interface Detail {
  readonly name: string;
  readonly text: string;
}

export function sessionSteps({ entries }: Log): readonly Step[] {
  let labels: ReadonlySet<string> = new Set();
  return entries.map((entry) => {
    const after = labelsAfter(entry, labels);
    const changes = [
      ...[...after].filter((label) => !labels.has(label)).map((label) => `+ ${label}`),
      ...[...labels].filter((label) => !after.has(label)).map((label) => `- ${label}`),
    ];
    labels = after;
    return stepOf(entry, changes.join(", "));
  });
}

/** The tree's labels. A record of an opening has only those that it brings along. */
function labelsAfter({ kind, record }: Entry, before: ReadonlySet<string>): ReadonlySet<string> {
  if (!("labels" in record)) return before;
  const stated = textsOf(record, "labels");
  return new Set(kind === "session.opened" ? [...before, ...stated] : stated);
}

function stepOf(entry: Entry, labels: string): Step {
  const { seq, session, agent, kind, at } = entry;
  const decision = recordedDecision(entry);
  const { what, details } = WORDS[kind]?.(entry) ?? { what: kind, details: others(entry) };
  const shown = [...details, { name: "labels", text: labels }].filter(({ text }) => text !== "");
  return {
    seq,
    at: new Date(at).toISOString(),
    session,
    agent,
    kind,
    outcome: decision?.outcome ?? null,
    what,
    details: shown,
  };
}

interface Words {
  readonly what: string;
  readonly details: readonly Detail[];
}

const ENDED: { readonly [because: string]: string } = {
  time: "its time is over",
  policy: "the policy offers it no more",
  session: "the session has ended",
};

const WORDS: { readonly [kind: string]: (entry: Entry) => Words } = {
  "session.opened": ({ record, agent, chain }) => ({
    what: `${agent} opened the session`,
    details: [
      detail("gateway", textOf(record, "gateway")),
      detail("for", textOf(record, "requester")),
      detail("below", chain.length > 1 ? chain.slice(0, -1).join(" > ") : null),
      detail("task", textOf(record, "task")),
      detail("client", textOf(record, "client")),
      detail("until", textOf(record, "expires_at")),
    ],
  }),
  "session.delegated": ({ record }) => ({
    what: `may be joined below by ${textOf(record, "to") ?? ""}`,
    details: [detail("until", textOf(record, "expires_at"))],
  }),
  "session.refreshed": () => plain("got a fresh token"),
  "session.closed": () => plain("closed the session"),
  "session.expired": ({ record }) => plain(`the session ended: ${textOf(record, "because") ?? ""} time is over`),
  "session.frozen": ({ record }) => ({
    what: `the session was frozen by a ${textOf(record, "because") ?? "switch"}`,
    details: switchesOf(record),
  }),
  "session.thawed": () => plain("the session goes on"),
  "session.restricted": ({ record }) => {
    const details = switchesOf(record);
    return { what: details.length === 0 ? "nothing is stopped any more" : "some of it was stopped", details };
  },
  decision: decisionWords,
  outcome: ({ record }) => ({
    what: `${textOf(record, "action") ?? "an action"} came to ${textOf(record, "status") ?? ""}`,
    details: [detail("of", textOf(record, "decision_id"))],
  }),
  "breaker.tripped": ({ record }) => ({
    what: `breaker ${textOf(record, "breaker") ?? ""} tripped: ${textOf(record, "what") ?? ""}`,
    details: [
      ...objectsOf(record, "kill").map((one) =>
        detail("kills", `${textOf(one, "scope") ?? ""} ${textOf(one, "name") ?? ""}`),
      ),
      detail("tells", textsOf(record, "notify").join(", ")),
      detail("by", textOf(record, "decision_id")),
    ],
  }),
  "elevation.asked": ({ record }) => ({
    what: `asks to become ${textOf(record, "role") ?? ""}`,
    details: [detail("intent", textOf(record, "intent")), detail("approval", textOf(record, "approval"))],
  }),
  "elevation.refused": ({ record }) => ({
    what: `may not become ${textOf(record, "role") ?? ""}`,
    details: [detail("deny", `${textOf(record, "reason") ?? ""}: ${textOf(record, "message") ?? ""}`)],
  }),
  "elevation.gained": ({ record }) => ({
    what: `became ${textOf(record, "role") ?? ""}`,
    details: [detail("until", textOf(record, "until")), detail("approval", textOf(record, "approval"))],
  }),
  "elevation.ended": ({ record }) =>
    plain(`is ${textOf(record, "role") ?? ""} no more: ${ENDED[textOf(record, "because") ?? ""] ?? ""}`),
  "approval.asked": ({ record }) => ({
    what: `people are asked: ${textsOf(record, "needs").join(" and ")}`,
    details: [detail("approval", textOf(record, "approval")), detail("until", textOf(record, "expires_at"))],
  }),
  "approval.voted": ({ record }) => ({
    what: `${textOf(record, "by") ?? "somebody"} said ${textOf(record, "decision") === "approve" ? "yes" : "no"}`,
    details: [
      detail("approval", `${textOf(record, "approval") ?? ""} is now ${textOf(record, "status") ?? ""}`),
      detail("reason", textOf(record, "reason")),
    ],
  }),
  "approval.reopened": ({ record }) => approvalWords(record, "a vote lost its standing; people are asked again"),
  "approval.used": ({ record }) => approvalWords(record, "the approval was used"),
  "approval.expired": ({ record }) => approvalWords(record, "nobody decided in time"),
  "approval.cancelled": ({ record }) => approvalWords(record, "the question was cancelled"),
  "arguments.erased": ({ record }) => ({
    what: `${textOf(record, "by") ?? "somebody"} erased the arguments of record ${shown(record["of"] ?? null)}`,
    details: [detail("reason", textOf(record, "reason"))],
  }),
  "arguments.expired": ({ record }) =>
    plain(`arguments were erased, as \`retain\` is over: ${shown(record["count"] ?? 0)}`),
};

function decisionWords(entry: Entry): Words {
  const { record, args } = entry;
  const text = (name: string): string | null => textOf(record, name);
  const reason = text("reason") ?? "";
  const message = text("message") ?? "";
  const erased = args === null && text("args_mac") !== null;
  return {
    what: [text("action") ?? "", ...textsOf(record, "resources")].join("  "),
    details: [
      detail(text("decision") ?? "", `${reason}: ${message}`),
      detail("rules", textsOf(record, "rules").join(", ")),
      detail("unknown", textsOf(record, "unknown").join(", ")),
      detail("args", erased ? "erased" : args === "{}" ? null : args),
      detail("intent", text("intent")),
      ...objectsOf(record, "limits").map(limitDetail),
      detail("approval", text("approval")),
      detail("told", textsOf(record, "notify").join(", ")),
      ...objectsOf(record, "trials").map((trial) =>
        detail("on trial", `${textOf(trial, "tier") ?? ""} ${textOf(trial, "id") ?? ""}`),
      ),
    ],
  };
}

function limitDetail(limit: JsonObject): Detail {
  const [id, of, left] = ["id", "limit", "remaining"].map((name) => textOf(limit, name) ?? "?");
  const agent = textOf(limit, "agent");
  return detail("limit", `${id ?? ""}${agent === null ? "" : ` of ${agent}`} has ${left ?? ""} of ${of ?? ""} left`);
}

function switchesOf(record: JsonObject): readonly Detail[] {
  return objectsOf(record, "switches").map((one) => {
    const [scope, name, reason, by] = ["scope", "name", "reason", "by"].map((key) => textOf(one, key) ?? "");
    return detail(
      scope === "" ? "switch" : (scope ?? ""),
      `${name ?? ""}: ${reason ?? ""}${by === "" ? "" : ` (${by ?? ""})`}`,
    );
  });
}

function approvalWords(record: JsonObject, what: string): Words {
  return {
    what,
    details: [detail("approval", textOf(record, "approval")), detail("reason", textOf(record, "reason"))],
  };
}

function plain(what: string): Words {
  return { what, details: [] };
}

/** Of a kind that has no words yet: all that it says beyond what every record says. */
function others({ record }: Entry): readonly Detail[] {
  const own = Object.entries(record).filter(([name, value]) => !COMMON.includes(name) && value !== null);
  return own.map(([name, value]) => detail(name.replaceAll("_", " "), shown(value)));
}

const COMMON: readonly string[] = [
  "seq",
  "at",
  "kind",
  "session",
  "chain",
  "agent",
  "policy",
  "sequence",
  "args_mac",
  "prev",
  "hash",
  "labels",
];

function shown(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function detail(name: string, text: string | null): Detail {
  return { name, text: text ?? "" };
}

/** The log in which the session stands; null where none of them holds it. */
export function logOf(logs: readonly Log[], session: string): Log | null {
  return logs.find(({ entries }) => entries.some((entry) => entry.session === session)) ?? null;
}
