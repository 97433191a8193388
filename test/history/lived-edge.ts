/** An edge in which something of everything happened, and its records as `audit pull` gives them. */
import { type EdgeUnderTest, startTestEdge } from "../edge-http/edge-under-test.ts";
import type { PolicyParts } from "../edge-http/policy-text.ts";

const RULES = `
  allow  tick
  limit  tick to 3 in 1h per agent
  allow  tock
  allow  spare
  /// For a place that nobody goes to.
  allow  files.read on "files/never/**"
  allow  mail
  never  mail when session has untrusted
  allow  buy when args.from in vendors
  allow  rent
  limit  rent total args.amount to 100 in 1h per fleet, args.item
  limit  rent to 2 in 1h per agent then ask via lead_review
  trial  never rent when args.amount > 50
  allow  book
  notify book when session.calls > 20 to log
  never  book when session did book same (room) within 10m
  limit  book to 2 in 1h per requester
  allow  plan when args.at == "x-one" or task mentions args.at
  never  plan when args.at == "friday" and during night_hours
  ask    plan when claimed.confidence < 0.5 via lead_review
  never  mail when args contain secrets
`;

const MORE = `
schedule night_hours = mon-sun 22:00-06:00 "UTC"
live set vendors editors leads
group staff = claim "groups" "staff"
action tick() is write on none
action tock() is write on none
action spare() is write on none
action mail(to: string(max 64), text: string(max 200)) is write, external on none
action buy(from: string(max 64)) is spend on "buy/{from}"
action book(room: string(max 64)) is write on "rooms/{room}"
action plan(at: string(min 4, max 64)) is write on none
action rent(item: string(max 64), amount: decimal(min 0, max 1000)) is spend on "rent/{item}"
action scrub(id: string(max 64)) is delete on none
role cleaner {
  allow scrub
  limit scrub to 2 in 1h per agent
  never buy
}
every agent {
  never book when requester.id in staff
  never tock when session.age > 1h
}
`;

const BOT = `  may call helper for tock, web.fetch, plan
  may become cleaner via lead_review for 30m
`;

export const EVERYTHING: PolicyParts = { rules: RULES, more: MORE, own: new Map([["bot", BOT]]) };

/** Runs through every kind of rule, in sessions of three agents and one below another. */
export async function lived(): Promise<EdgeUnderTest> {
  const edge = await startTestEdge({}, EVERYTHING);
  const lea = await edge.person("lea@corp.example");
  await edge.call("/v1/sets/vendors", { method: "PATCH", token: lea, body: { add: ["acme"], reason: "signed" } });
  await refusals(edge);
  await amounts(edge);
  await labels(edge);
  await approvals(edge, lea);
  await requesters(edge);
  await trees(edge);
  await gains(edge, lea);
  await rents(edge, lea);
  await kills(edge);
  return edge;
}

async function refusals(edge: EdgeUnderTest): Promise<void> {
  const { token } = await edge.open("bot");
  const ask = (action: string, args: object = {}, more: object = {}) => edge.decide(token, { action, args, ...more });
  for (let time = 0; time < 5; time++) await ask("tick");
  for (let time = 0; time < 4; time++) await ask("tock");
  await ask("files.read", { file: "a" });
  await ask("files.read", { file: "secret/a" });
  await ask("files.read", { file: "a" }, { resources: ["files/b"] });
  await ask("files.read", { file: "a" }, { resources: ["files/a"] });
  await ask("files.remove", { file: "a" });
  await edge.call("/v1/session", { method: "DELETE", token });
  await ask("tock");
}

async function amounts(edge: EdgeUnderTest): Promise<void> {
  const { token } = await edge.open("bot");
  const ask = (action: string, args: object) => edge.decide(token, { action, args });
  await ask("pay", { to: "kim", amount: "40" });
  await ask("pay", { to: "kim", amount: "45.5" });
  await ask("pay", { to: "kim", amount: "20" });
  await ask("pay", { to: "kim\u001b[2J\u202e", amount: "51" });
  await ask("pay", { to: 1, extra: true });
  await ask("pay", { to: "kim", amount: 1e21 });
  await ask("note", { text: { a: [1, null, "x"] } });
  await ask("buy", { from: "acme" });
  await ask("buy", { from: "other" });
  await ask("mail", { to: "kim", text: "the key is AKIAIOSFODNN7EXAMPLE" });
  await ask("files.write", { file: "a", text: "x", key: "hunter2" });
}

async function labels(edge: EdgeUnderTest): Promise<void> {
  const { token } = await edge.open("helper", { task: "nobody vouches for this" });
  const ask = (action: string, args: object, more: object = {}) => edge.decide(token, { action, args, ...more });
  await ask("mail", { to: "kim", text: "hello" });
  await ask("tock", {});
  await ask("mail", { to: "kim", text: "hello again" });
  await ask("web.fetch", { url: "https://a.example/x" });
  await ask("mail", { to: "kim", text: "hello once more" });
  await ask("book", { room: "r1" });
  await ask("plan", { at: "x-one" });
  await ask("plan", { at: "x-one" }, { confidence: 0.9 });
  await ask("plan", { at: "y-one" });
  await ask("tick", {});
}

async function approvals(edge: EdgeUnderTest, lea: string): Promise<void> {
  const { token } = await edge.open("bot");
  const args = { file: "b", text: "new" };
  const asked = await edge.decide(token, { action: "files.write", args });
  const approval = asked.approval?.id ?? "";
  const body = { decision: "approve", reason: "fine", request_digest: asked.request_digest };
  await edge.call(`/v1/approvals/${approval}/decision`, { method: "POST", token: lea, body });
  await edge.decide(token, { action: "files.write", args: { ...args, text: "other" }, approval });
  await edge.decide(token, { action: "files.write", args, approval });
  await edge.decide(token, { action: "files.write", args, approval });
  const refused = await edge.decide(token, { action: "files.write", args: { file: "c", text: "z" } });
  const no = { decision: "deny", reason: "no", request_digest: refused.request_digest };
  await edge.call(`/v1/approvals/${refused.approval?.id ?? ""}/decision`, { method: "POST", token: lea, body: no });
  await edge.decide(token, { action: "files.write", args: { file: "c", text: "z" } });
  for (const file of ["d", "e", "f", "g"])
    await edge.decide(token, { action: "files.write", args: { file, text: "z" } });
}

async function requesters(edge: EdgeUnderTest): Promise<void> {
  const tokens = [
    await edge.edge.requesterToken({ email: "kim@corp.example", agent: "clerk" }),
    await edge.edge.requesterToken({ email: "kim@corp.example", agent: "clerk" }),
  ];
  for (const requester_token of tokens) {
    const { token } = await edge.open("clerk", { requester_token, task: "plan for tuesday" });
    const ask = (action: string, args: object) => edge.decide(token, { action, args });
    await ask("book", { room: "r1" });
    await ask("book", { room: "r1" });
    await ask("book", { room: "r2" });
    await ask("plan", { at: "tuesday" });
    await ask("plan", { at: "friday" });
    await ask("tock", {});
  }
}

/** What is done below a session is done in its tree: labels, calls and limits are of both. */
async function trees(edge: EdgeUnderTest): Promise<void> {
  const { token } = await edge.open("bot");
  const ask = (of: string, action: string, args: object = {}) => edge.decide(of, { action, args });
  await ask(token, "mail", { to: "kim", text: "before" });
  const call = await edge.call("/v1/session/delegations", { method: "POST", token, body: { agent: "helper" } });
  const below = await edge.open("helper", { ticket: call.body["ticket"] });
  await ask(below.token, "tock");
  await ask(below.token, "plan", { at: "x-one" });
  await ask(below.token, "files.read", { file: "a" });
  await ask(below.token, "web.fetch", { url: "https://a.example/x" });
  await ask(token, "mail", { to: "kim", text: "after" });
  await edge.call("/v1/session", { method: "DELETE", token: below.token });
  await ask(token, "tock");
}

/** A role for a while, and labels that an outcome brings. */
async function gains(edge: EdgeUnderTest, lea: string): Promise<void> {
  const { token } = await edge.open("bot");
  const ask = (action: string, args: object = {}) => edge.decide(token, { action, args });
  await ask("scrub", { id: "1" });
  const asked = await edge.call("/v1/elevations", { method: "POST", token, body: { role: "cleaner", reason: "dirt" } });
  const path = `/v1/approvals/${String(asked.body["id"])}`;
  const { body: shown } = await edge.call(path, { token: lea });
  const body = { decision: "approve", reason: "fine", request_digest: shown["request_digest"] };
  await edge.call(`${path}/decision`, { method: "POST", token: lea, body });
  for (const id of ["1", "2", "3"]) await ask("scrub", { id });
  await ask("buy", { from: "acme" });
  const { decision_id } = await ask("tock");
  const outcome = { decision_id, status: "ok", labels: ["untrusted"] };
  await edge.call("/v1/outcomes", { method: "POST", token, body: outcome });
  await ask("mail", { to: "kim", text: "tainted" });
  const helper = await edge.open("helper");
  const become = { method: "POST", token: helper.token, body: { role: "cleaner", reason: "dirt" } };
  await edge.call("/v1/elevations", become);
}

/** Limits that sessions share, by key, and one beyond which people are asked. */
async function rents(edge: EdgeUnderTest, lea: string): Promise<void> {
  const [bot, helper] = [await edge.open("bot"), await edge.open("helper")];
  const rent = (of: { readonly token: string }, item: string, amount: string, more: object = {}) =>
    edge.decide(of.token, { action: "rent", args: { item, amount }, ...more });
  await rent(bot, "van", "60");
  await rent(helper, "van", "50");
  await rent(helper, "car", "50");
  await rent(bot, "car", "10.5");
  const asked = await rent(bot, "bus", "7");
  const approval = asked.approval?.id ?? "";
  const body = { decision: "approve", reason: "fine", request_digest: asked.request_digest };
  await edge.call(`/v1/approvals/${approval}/decision`, { method: "POST", token: lea, body });
  await rent(bot, "bus", "7", { approval });
  await rent(bot, "bus", "8");
  for (const { token } of [bot, helper]) await edge.call("/v1/session", { method: "DELETE", token });
}

/** Of an action, and of a session. */
async function kills(edge: EdgeUnderTest): Promise<void> {
  const operator = await edge.person("oda@corp.example");
  const { token, session } = await edge.open("helper");
  const flip = (what: string) =>
    edge.call(`/v1/switches/${what}`, { method: "PUT", token: operator, body: { reason: "a trial" } });
  await edge.decide(token, { action: "tock", args: {} });
  await flip("action/tock");
  await edge.decide(token, { action: "tock", args: {} });
  await flip(`session/${session.id}`);
  await edge.decide(token, { action: "mail", args: { to: "kim", text: "x" } });
}

/** All records, the oldest session first. */
export async function pulled(edge: EdgeUnderTest): Promise<readonly string[]> {
  const token = await edge.edge.personToken({ email: "aud@corp.example", claims: { groups: "auditors" } });
  const reply = await edge.call("/v1/sessions", { token });
  if (reply.status !== 200) throw new Error(`no sessions: ${reply.text}`);
  const sessions = reply.body["sessions"] as readonly { readonly id: string }[];
  const lines: string[] = [];
  // A session below another stands in its root's log.
  for (const { id } of sessions.toReversed().filter((session) => !session.id.includes("."))) {
    const { text } = await edge.call(`/v1/sessions/${id}/records`, { token });
    lines.push(...text.split("\n").filter((line) => line !== ""));
  }
  return lines;
}
