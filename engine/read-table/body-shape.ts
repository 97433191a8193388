/** The shape of a table's body and places (`engine/table.ts`), key by key. */
import {
  type JsonCheck,
  bool,
  integer,
  listOf,
  matching,
  natural,
  objectOf,
  oneOf,
  orNull,
  positive,
  text,
  tupleOf,
  variantsOf,
} from "./check.ts";
import { NEEDS } from "../table.ts";
import { condition, decimal, glob, name, operand, param, paramType, path } from "./condition-shape.ts";

const names = listOf(name);
const when = orNull(condition);

const issuer = objectOf({ issuer: text, audience: text });

const settings = objectOf({
  environments: names,
  session: objectOf({ lifetime: positive, idle: positive }),
  lease: positive,
  retain: positive,
  region: orNull(text),
  people: orNull(issuer),
  requesters: orNull(issuer),
  operators: names,
  auditors: names,
  deployers: names,
});

const label = objectOf({ name, kind: oneOf("taint", "sensitive", "plain") });

const member: JsonCheck = (value) =>
  typeof value === "number" || typeof value === "string" ? null : ": must be a string or a number";
const set = objectOf({ name, members: listOf(member) });

const liveSet = objectOf({ name, editors: names });

const sha256 = matching(/^[0-9a-f]{64}$/, "64 hex digits");

const server = objectOf({ name, protocol: oneOf("mcp"), url: text, sha256 });

const schedule = objectOf({
  name,
  zone: text,
  weekly: listOf(tupleOf(natural, natural)),
  offsets: listOf(tupleOf(integer, integer)),
  until: integer,
});

const group = objectOf({
  name,
  members: orNull(listOf(text)),
  claim: orNull(objectOf({ name: text, value: text })),
});

const channel = objectOf({ name, kind: text, secret: orNull(text) });

const approval = objectOf({
  name,
  approvers: names,
  requester: bool,
  quorum: positive,
  tell: names,
  within: positive,
  use_within: positive,
  reason_required: bool,
  excluding_owners: bool,
  escalate: listOf(objectOf({ groups: listOf(name, 1), after: positive })),
  reuse: orNull(objectOf({ n: positive, within: positive, varying: names })),
  fatigue: orNull(objectOf({ n: positive, within: positive })),
  decoys: orNull(positive),
  doc: orNull(text),
});

const templateSegment = variantsOf("kind", { text: { text }, hole: { path, type: paramType } });

const action = objectOf({
  name,
  params: listOf(param),
  open: bool,
  classes: listOf(objectOf({ name, when })),
  resources: orNull(listOf(objectOf({ template: listOf(templateSegment), when }))),
  yields: listOf(objectOf({ label: name, when })),
  clears: names,
  recovery: orNull(text),
  tool: orNull(objectOf({ name: text, server: orNull(name), sha256: orNull(sha256) })),
  doc: orNull(text),
});

const selector = variantsOf("kind", { action: { name }, prefix: { prefix: name }, class: { name }, any: {} });

const pattern = listOf(variantsOf("kind", { text: { text }, glob: { glob }, rest: {}, hole: { operand } }));

const scope = objectOf({
  select: listOf(selector),
  except: listOf(selector),
  on: orNull(listOf(pattern)),
  on_except: listOf(pattern),
});

const rule = objectOf({
  id: matching(/^r_[0-9a-f]{12}$/, "`r_` and 12 hex digits"),
  tier: oneOf("allow", "notify", "ask", "never"),
  trial: bool,
  scope,
  when,
  to: names,
  via: names,
  until: orNull(integer),
  text,
  doc: orNull(text),
});

const limit = objectOf({
  id: matching(/^l_[0-9a-f]{12}$/, "`l_` and 12 hex digits"),
  counter: matching(/^c_[0-9a-f]{24}$/, "`c_` and 24 hex digits"),
  trial: bool,
  scope,
  when,
  total: orNull(path),
  n: decimal,
  window: orNull(positive),
  per: oneOf("session", "agent", "requester", "fleet"),
  keys: listOf(path),
  via: orNull(name),
  text,
  doc: orNull(text),
});

const block = objectOf({
  kind: oneOf("every", "role", "agent"),
  name: text,
  rules: listOf(rule),
  limits: listOf(limit),
});

const identity = variantsOf("kind", {
  key: { algorithm: oneOf("ed25519"), public_key: matching(/^[A-Za-z0-9_-]{43}$/, "43 characters of base64url") },
  oidc: { issuer: text, claims: listOf(objectOf({ name: text, values: listOf(text, 1) })) },
  mtls: { sha256 },
});

const mayCall = objectOf({ agent: name, select: listOf(selector, 1) });
const mayBecome = objectOf({ role: name, via: name, duration: positive });

const agent = objectOf({
  name,
  owner: name,
  purpose: text,
  roles: names,
  identities: listOf(identity),
  requester_required: bool,
  review_by: integer,
  task_from_client: bool,
  starts_with: names,
  may_call: listOf(mayCall),
  may_become: listOf(mayBecome),
  doc: orNull(text),
});

const gateway = objectOf({ name, identities: listOf(identity, 1), agents: names, doc: orNull(text) });

const canary = objectOf({ name, sha256 });

const breakerEvent = variantsOf("kind", {
  count: { what: oneOf("denied", "failed"), n: positive, within: positive },
  ratio: { percent: decimal, within: positive, of: positive },
  usual: { factor: decimal, within: positive },
  first_use: { after: positive },
  canary: {},
});

const breakerScope = oneOf("session", "agent", "requester", "fleet");

const breaker = objectOf({
  name,
  event: breakerEvent,
  per: breakerScope,
  kill: listOf(breakerScope),
  tell: names,
  doc: orNull(text),
});

export const bodyShape = objectOf({
  name,
  settings,
  labels: listOf(label),
  sets: listOf(set),
  live_sets: listOf(liveSet),
  schedules: listOf(schedule),
  groups: listOf(group),
  channels: listOf(channel),
  approvals: listOf(approval),
  classes: names,
  servers: listOf(server),
  actions: listOf(action),
  blocks: listOf(block),
  agents: listOf(agent),
  gateways: listOf(gateway),
  canaries: listOf(canary),
  breakers: listOf(breaker),
  needs: listOf(oneOf(...NEEDS)),
});

const place = tupleOf(text, natural, positive, positive);

export const placesShape = objectOf({ files: listOf(text), rules: listOf(place), declarations: listOf(place) });
