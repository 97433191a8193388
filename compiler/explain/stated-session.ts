/** The session that someone states for `explain`: everything is optional, nothing is ignored. */
import { checkArgs, type JsonObject, type JsonValue, type Table } from "../../engine/index.ts";
import { didYouMean } from "../did-you-mean.ts";
import { readJson } from "./read-json.ts";

export interface StatedSession {
  /** `at`: UTC milliseconds, written RFC 3339 with an offset. */
  readonly at: number;
  /** `age`: milliseconds since it was opened, written `10m`. */
  readonly age: number;
  readonly labels: readonly string[];
  /** `calls`: how many were admitted; null: as many as `did` lists. */
  readonly calls: number | null;
  /** `did`: what was admitted, a name or `{ "action", "args", "ago" }`. */
  readonly did: readonly PastCall[];
  /** `counts`: what stands on a limit, by its id or its text; scaled by 10^6. */
  readonly counts: ReadonlyMap<string, bigint>;
  /** `callers`: the agents above it, the root first. */
  readonly callers: readonly string[];
  /** `roles`: what the acting agent has gained with `become`. */
  readonly roles: readonly string[];
  /** `live`: members of live sets, by name; a set that isn't stated can't be read. */
  readonly live: ReadonlyMap<string, ReadonlySet<string>>;
  /** `approved`: names of approvals that are given. */
  readonly approved: readonly string[];
  readonly task: string | null;
  /** Lower-cased address or subject. */
  readonly requester: string | null;
  /** `claims` of the requester: a list or one value for each name. */
  readonly claims: { readonly [name: string]: string | readonly string[] };
  readonly environment: string | null;
  readonly ip: string | null;
  readonly country: string | null;
  /** 0 to 1. */
  readonly confidence: number | null;
}

export interface PastCall {
  readonly action: string;
  readonly args: JsonObject;
  /** Milliseconds. */
  readonly ago: number;
}

export type ReadSession =
  | { readonly ok: true; readonly session: StatedSession }
  | { readonly ok: false; readonly problem: string };

/** Reads the JSON of `--session`. A name that the policy doesn't have is a problem, since it could only mislead. */
export function readSession(text: string | null, table: Table, now: number): ReadSession {
  const json = readJson(text ?? "{}", "the session");
  if (!json.ok) return json;
  try {
    return { ok: true, session: sessionOf(json.value, table, now) };
  } catch (error) {
    // A field that can't be meant ends the reading from wherever it stands; anything else is a fault of ours.
    if (error instanceof Unmeant) return { ok: false, problem: error.message };
    throw error;
  }
}

class Unmeant extends Error {}

type Fields = { readonly [name: string]: JsonValue };

const FIELDS: readonly (keyof StatedSession)[] = [
  "at",
  "age",
  "labels",
  "calls",
  "did",
  "counts",
  "callers",
  "roles",
  "live",
  "approved",
  "task",
  "requester",
  "claims",
  "environment",
  "ip",
  "country",
  "confidence",
];

function sessionOf(fields: Fields, table: Table, now: number): StatedSession {
  for (const name of Object.keys(fields)) oneOf("the session's field", name, FIELDS);
  const { body } = table;
  return {
    at: timeOf(fields["at"] ?? null, now),
    age: durationOf("age", fields["age"] ?? null),
    labels: names("labels", fields["labels"] ?? [], body.labels),
    calls: fields["calls"] === undefined ? null : whole("calls", fields["calls"]),
    did: list("did", fields["did"] ?? []).map((item) => pastCall(item, table)),
    counts: countsOf(fields["counts"] ?? {}, table),
    callers: names("callers", fields["callers"] ?? [], body.agents),
    roles: names("roles", fields["roles"] ?? [], rolesOf(table)),
    live: liveOf(fields["live"] ?? {}, table),
    approved: names("approved", fields["approved"] ?? [], body.approvals),
    task: optionalText("task", fields["task"]),
    requester: optionalText("requester", fields["requester"])?.toLowerCase() ?? null,
    claims: claimsOf(fields["claims"] ?? {}),
    environment: environmentOf(fields["environment"], table),
    ip: optionalText("ip", fields["ip"]),
    country: optionalText("country", fields["country"]),
    confidence: fields["confidence"] === undefined ? null : share(fields["confidence"]),
  };
}

function timeOf(value: JsonValue, now: number): number {
  if (value === null) return now;
  const written =
    typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value);
  const time = written ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw new Unmeant("`at` must be a time with an offset, such as `2026-11-23T10:00:00+01:00`");
  return time;
}

const UNITS: { readonly [unit: string]: number } = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function durationOf(name: string, value: JsonValue): number {
  if (value === null) return 0;
  const parts = typeof value === "string" ? /^(\d{1,6})([smhd])$/.exec(value) : null;
  if (parts === null) throw new Unmeant(`\`${name}\` must be a duration, such as \`10m\` or \`4h\``);
  return Number(parts[1]) * (UNITS[parts[2] ?? ""] ?? 0);
}

function names(name: string, value: JsonValue, known: readonly { readonly name: string }[]): readonly string[] {
  const all = known.map((one) => one.name);
  return list(name, value).map((item) => oneOf(`\`${name}\``, text(name, item), all));
}

function list(name: string, value: JsonValue): readonly JsonValue[] {
  if (!Array.isArray(value)) throw new Unmeant(`\`${name}\` must be a list`);
  return value as readonly JsonValue[];
}

function object(name: string, value: JsonValue): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Unmeant(`\`${name}\` must be an object`);
  return value as Fields;
}

function text(name: string, value: JsonValue): string {
  if (typeof value !== "string") throw new Unmeant(`\`${name}\` must be text in quotes`);
  return value;
}

function optionalText(name: string, value: JsonValue | undefined): string | null {
  return value === undefined || value === null ? null : text(name, value);
}

function whole(name: string, value: JsonValue): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw new Unmeant(`\`${name}\` must be a whole number, 0 or more`);
  return value;
}

function share(value: JsonValue): number {
  if (typeof value !== "number" || value < 0 || value > 1)
    throw new Unmeant("`confidence` must be a number from 0 to 1");
  return value;
}

function pastCall(item: JsonValue, table: Table): PastCall {
  const fields: Fields = typeof item === "string" ? { action: item } : object("did", item);
  for (const name of Object.keys(fields)) oneOf("a field of `did`", name, ["action", "args", "ago"]);
  const actions = table.body.actions;
  const name = oneOf(
    "`did`",
    text("action", fields["action"] ?? null),
    actions.map((action) => action.name),
  );
  const args = object("args", fields["args"] ?? {});
  const action = actions.find((one) => one.name === name);
  // Without any arguments only the action's name is stated; with some, all of them, as they were admitted.
  const faults = action === undefined || Object.keys(args).length === 0 ? [] : checkArgs(action, args);
  if (faults[0] !== undefined)
    throw new Unmeant(`\`did\` states \`${name}\` with \`${faults[0].pointer}\`, which ${faults[0].detail}`);
  return { action: name, args, ago: durationOf("ago", fields["ago"] ?? null) };
}

function countsOf(value: JsonValue, table: Table): ReadonlyMap<string, bigint> {
  const limits = table.body.blocks.flatMap((block) => block.limits);
  const known = limits.flatMap((limit) => [limit.id, limit.text]);
  return new Map(
    Object.entries(object("counts", value)).map(([name, used]) => [
      oneOf("`counts`", name, known),
      amountOf(name, used),
    ]),
  );
}

function rolesOf({ body }: Table): readonly { readonly name: string }[] {
  return body.blocks.filter(({ kind }) => kind === "role");
}

function liveOf(value: JsonValue, { body }: Table): StatedSession["live"] {
  const known = body.live_sets.map(({ name }) => name);
  return new Map(
    Object.entries(object("live", value)).map(([name, members]) => [
      oneOf("`live`", name, known),
      new Set(list(`live.${name}`, members).map((member) => text(`live.${name}`, member))),
    ]),
  );
}

/** Counts and sums alike are scaled by 10^6. */
function amountOf(name: string, value: JsonValue): bigint {
  const written = typeof value === "number" ? String(value) : value;
  const parts = typeof written === "string" ? /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(written) : null;
  if (parts === null) throw new Unmeant(`the count of \`${name}\` must be a number such as \`20\` or \`"480.50"\``);
  return BigInt((parts[1] ?? "0") + (parts[2] ?? "").padEnd(6, "0"));
}

function claimsOf(value: JsonValue): StatedSession["claims"] {
  const entries = Object.entries(object("claims", value)).map(([name, claim]): [string, string | readonly string[]] => [
    name,
    Array.isArray(claim) ? claim.map((one: JsonValue) => text(`claims.${name}`, one)) : text(`claims.${name}`, claim),
  ]);
  return Object.fromEntries(entries);
}

function environmentOf(value: JsonValue | undefined, table: Table): string | null {
  const name = optionalText("environment", value);
  return name === null ? null : oneOf("`environment`", name, table.body.settings.environments);
}

/** The name itself, or a problem that lists what there is. */
function oneOf(what: string, name: string, known: readonly string[]): string {
  if (known.includes(name)) return name;
  const help = didYouMean(name, known, Math.max(12, FIELDS.length));
  throw new Unmeant(
    `${what} names \`${name}\`, ${help === null ? "but the policy has none" : `which isn't there: ${help}`}`,
  );
}
