/**
 * A record as an event of OCSF 1.8: class API Activity (6003) with the profile Security Control. An agent's action is an
 * API call, the decision is what the control did; every other record is a call of the edge that was observed.
 * https://schema.ocsf.io/1.8.0/classes/api_activity?profiles=security_control
 */
import { fieldsOf, type Outgoing, type RecordFields, textOf, textsOf } from "./outgoing.ts";

const CLASS = { category_uid: 6, category_name: "Application Activity", class_uid: 6003, class_name: "API Activity" };
/** None of create, read, update and delete: what the action does stands in the policy. */
const OTHER_ACTIVITY = 99;

type Event = { readonly [name: string]: unknown };

export function ocsfEvent(outgoing: Outgoing, origin: string): Event {
  const record = fieldsOf(outgoing);
  const operation = record.kind === "decision" ? (textOf(record["action"]) ?? "unknown") : record.kind;
  return {
    ...CLASS,
    activity_id: OTHER_ACTIVITY,
    activity_name: operation,
    type_uid: CLASS.class_uid * 100 + OTHER_ACTIVITY,
    type_name: "API Activity: Other",
    time: Date.parse(record.at),
    message: textOf(record["message"]) ?? record.kind,
    metadata: metadataOf(outgoing, record, origin),
    actor: actorOf(record),
    api: apiOf(record, operation),
    src_endpoint: endpointOf(record),
    resources: textsOf(record["resources"]).map((name) => ({ name })),
    policy: { uid: textOf(record["policy"]) ?? "none", version: versionOf(record) },
    authorizations: authorizationsOf(record),
    ...controlOf(record),
    unmapped: { ...rest(record), ...(outgoing.args === null ? {} : { args: outgoing.args }) },
  };
}

function versionOf({ sequence }: RecordFields): string {
  return typeof sequence === "number" ? String(sequence) : "";
}

function metadataOf({ log, seq }: Outgoing, record: RecordFields, origin: string): Event {
  return {
    version: "1.8.0",
    product: { name: "agentpolicy", vendor_name: "agentpolicy", uid: origin },
    profiles: ["security_control"],
    uid: textOf(record["hash"]) ?? `${log}:${seq}`,
    event_code: record.kind,
    log_name: log,
    sequence: seq,
    original_time: record.at,
    ...(record.session === null ? {} : { correlation_uid: record.session }),
  };
}

/**
 * Whoever did it: the agent with its requester, or the person who voted, killed, lifted, erased or edited. At least one
 * member has to be there, so that what nobody did is the edge's own.
 */
function actorOf(record: RecordFields): Event {
  const person = personOf(record);
  const user = person ?? textOf(record["requester"]);
  return {
    app_name: person === null ? (record.agent ?? "agentpolicy") : "agentpolicy",
    ...(record.session === null ? {} : { session: { uid: record.session } }),
    ...(user === null ? {} : { user: { uid: user, name: user } }),
  };
}

function personOf({ by, switch: flipped }: RecordFields): string | null {
  const of = typeof flipped === "object" && flipped !== null && "by" in flipped ? flipped.by : by;
  return textOf(of);
}

function apiOf(record: RecordFields, operation: string): Event {
  const request = textOf(record["request_id"]);
  return { operation, service: { name: "agentpolicy" }, ...(request === null ? {} : { request: { uid: request } }) };
}

function endpointOf({ agent, ...record }: RecordFields): Event {
  const facts = record["facts"];
  const ip = typeof facts === "object" && facts !== null && "ip" in facts ? textOf(facts.ip) : null;
  return { svc_name: agent ?? "agentpolicy", ...(ip === null ? {} : { ip }) };
}

function authorizationsOf(record: RecordFields): readonly Event[] {
  const decision = textOf(record["decision"]);
  if (record.kind !== "decision" || decision === null) return [];
  const rules = textsOf(record["rules"]);
  if (rules.length === 0) return [{ decision }];
  return rules.map((uid) => ({ decision, policy: { uid } }));
}

/** What the control did, how grave that is, and whether somebody should look. */
function controlOf(record: RecordFields): Event {
  if (record.kind !== "decision") return observed(record);
  const reason = textOf(record["reason"]) ?? "";
  const detail = { status_code: reason };
  switch (record["decision"]) {
    case "allow":
      return { ...ALLOWED, ...(record["tier"] === "ask" ? APPROVED : {}), ...detail };
    case "ask":
      return { ...PENDING, ...detail };
    default:
      return { ...DENIED, ...(DISPOSITIONS[reason] ?? UNAUTHORIZED), ...detail };
  }
}

const INFORMATIONAL = { severity_id: 1, severity: "Informational" };
const ALLOWED = {
  ...INFORMATIONAL,
  action_id: 1,
  action: "Allowed",
  disposition_id: 1,
  disposition: "Allowed",
  status_id: 1,
  status: "Success",
  is_alert: false,
};
const APPROVED = { disposition_id: 8, disposition: "Approved" };
/** Neither allowed nor denied yet: the schema has no word for it. */
const PENDING = {
  ...INFORMATIONAL,
  action_id: 0,
  action: "Unknown",
  disposition_id: 99,
  disposition: "Pending Approval",
  status_id: 99,
  status: "Pending",
  is_alert: false,
};
const DENIED = {
  severity_id: 2,
  severity: "Low",
  action_id: 2,
  action: "Denied",
  status_id: 2,
  status: "Failure",
  is_alert: false,
};
const UNAUTHORIZED = { disposition_id: 26, disposition: "Unauthorized" };
const REVOKED = { disposition_id: 24, disposition: "Access Revoked" };
const REJECTED = { disposition_id: 25, disposition: "Rejected" };
const FAILED = { disposition_id: 27, disposition: "Error" };
const ALERT = { severity_id: 4, severity: "High", is_alert: true };

const DISPOSITIONS: { readonly [reason: string]: Event } = {
  killed: REVOKED,
  frozen: REVOKED,
  session_expired: REVOKED,
  invalid_argument: REJECTED,
  resource_mismatch: REJECTED,
  unknown_action: REJECTED,
  too_large_to_review: REJECTED,
  canary: { ...REJECTED, ...ALERT },
  tool_changed: { ...REJECTED, ...ALERT },
  overloaded: FAILED,
  internal: FAILED,
};

function observed({ kind }: RecordFields): Event {
  const isAlert = kind === "session.frozen" || kind.startsWith("breaker");
  const logged = { action_id: 3, action: "Observed", disposition_id: 17, disposition: "Logged" };
  return { ...INFORMATIONAL, ...logged, status_id: 1, status: "Success", is_alert: false, ...(isAlert ? ALERT : {}) };
}

const MAPPED: readonly string[] = [
  "kind",
  "at",
  "session",
  "agent",
  "action",
  "message",
  "resources",
  "policy",
  "sequence",
];

function rest(record: RecordFields): Event {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !MAPPED.includes(name)));
}
