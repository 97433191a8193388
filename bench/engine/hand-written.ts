/**
 * What one would write by hand for exactly this workload: a table from agent and action to a few predicates, with the
 * arguments checked and the resource built in plain code. It can't ask, limit, explain or leave anything to a session.
 */
import type { Contender } from "./contender.ts";
import {
  CURRENCIES,
  type NeutralArgs,
  type NeutralCondition,
  type NeutralRequest,
  type NeutralRule,
  OFFICE,
  REGIONS,
  VERBS,
  type Verb,
  type Workload,
} from "./workload.ts";

type Predicate = (args: NeutralArgs, at: number) => boolean;

interface Entry {
  readonly verb: Verb;
  readonly service: string;
  readonly never: readonly Predicate[];
  readonly allow: readonly Predicate[];
}

interface Verdict {
  readonly allowed: boolean;
  readonly resource: string;
}

type Table = ReadonlyMap<string, ReadonlyMap<string, Entry>>;

export function handWritten(workload: Workload): Contender<NeutralRequest> {
  const table = tableOf(workload);
  return {
    name: "hand-written table",
    note: "arguments checked, resources computed",
    translate: (request) => request,
    allows: (request) => lookUp(table, request).allowed,
  };
}

function lookUp(table: Table, { agent, action, args, at }: NeutralRequest): Verdict {
  const entry = table.get(agent)?.get(action);
  if (entry === undefined || !CHECKS[entry.verb](args)) return REFUSED;
  const resource =
    entry.verb === "list" ? `${entry.service}/${args.region}` : `${entry.service}/${args.region}/${args.id}`;
  for (const denies of entry.never) if (denies(args, at)) return { allowed: false, resource };
  for (const grants of entry.allow) if (grants(args, at)) return { allowed: true, resource };
  return { allowed: false, resource };
}

const REFUSED: Verdict = { allowed: false, resource: "" };

// -- arguments ------------------------------------------------------------------------------------------------------

const KNOWN_REGIONS: ReadonlySet<unknown> = new Set(REGIONS);
const KNOWN_CURRENCIES: ReadonlySet<unknown> = new Set(CURRENCIES);

const CHECKS: { readonly [verb in Verb]: (args: NeutralArgs) => boolean } = {
  list: (args) => countKeys(args) === 1 && KNOWN_REGIONS.has(args.region),
  read: (args) => countKeys(args) === 2 && KNOWN_REGIONS.has(args.region) && isId(args.id),
  delete: (args) => countKeys(args) === 2 && KNOWN_REGIONS.has(args.region) && isId(args.id),
  share: (args) => countKeys(args) === 3 && KNOWN_REGIONS.has(args.region) && isId(args.id) && isHost(args.host),
  update: (args) =>
    countKeys(args) === 4 &&
    KNOWN_REGIONS.has(args.region) &&
    isId(args.id) &&
    isAmount(args.amount) &&
    KNOWN_CURRENCIES.has(args.currency),
};

function countKeys(args: NeutralArgs): number {
  let count = 0;
  for (const _key in args) count++;
  return count;
}

/** A safe segment: no separators, escapes, controls or dot at the end. */
function isId(value: unknown): boolean {
  if (typeof value !== "string" || value.length === 0 || value.length > 64) return false;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code < 32 || code > 126 || code === 47 || code === 92 || code === 37) return false;
  }
  return value.charCodeAt(value.length - 1) !== 46;
}

function isHost(value: unknown): boolean {
  if (typeof value !== "string" || value.length === 0 || value.length > 253) return false;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    const plain = (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 45 || code === 46;
    if (!plain) return false;
  }
  return !value.endsWith(".") && !value.startsWith(".") && !value.includes("..") && !value.includes("xn--");
}

function isAmount(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value < 1e9 && Math.round(value * 1e6) / 1e6 === value;
}

// -- rules ----------------------------------------------------------------------------------------------------------

function tableOf({ services, roles, agents }: Workload): Table {
  const byName = new Map(roles.map((role) => [role.name, role.rules]));
  const pairs = new Map<string, ReadonlyMap<string, Entry>>();
  return new Map(
    agents.map((agent) => {
      const key = agent.roles.join("|");
      const entries =
        pairs.get(key) ??
        entriesOf(
          services,
          agent.roles.flatMap((name) => byName.get(name) ?? []),
        );
      pairs.set(key, entries);
      return [agent.name, entries];
    }),
  );
}

function entriesOf(services: readonly string[], rules: readonly NeutralRule[]): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const service of services) {
    for (const verb of VERBS) {
      const about = rules.filter((rule) => rule.service === service && (rule.verb ?? verb) === verb);
      const predicates = (effect: NeutralRule["effect"]): Predicate[] =>
        about.filter((rule) => rule.effect === effect && reaches(rule, verb)).map(predicateOf);
      entries.set(`${service}.${verb}`, { verb, service, never: predicates("never"), allow: predicates("allow") });
    }
  }
  return entries;
}

/** What is listed has no id, so that a prefix of ids never meets it. */
function reaches({ where }: NeutralRule, verb: Verb): boolean {
  return verb !== "list" || where.kind !== "prefix";
}

function predicateOf({ where, conditions }: NeutralRule): Predicate {
  const parts = conditions.map(conditionOf);
  if (where.kind === "region") parts.unshift((args) => args.region === where.region);
  if (where.kind === "prefix") parts.unshift((args) => args.id?.startsWith(where.prefix) === true);
  const [first, second, third] = parts;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (third === undefined) return (args, at) => first(args, at) && second(args, at);
  return (args, at) => first(args, at) && second(args, at) && third(args, at);
}

function conditionOf(condition: NeutralCondition): Predicate {
  switch (condition.kind) {
    case "at most":
      return (args) => args.amount !== undefined && args.amount <= condition.amount;
    case "more than":
      return (args) => args.amount !== undefined && args.amount > condition.amount;
    case "currency in": {
      const members: ReadonlySet<unknown> = new Set(condition.members);
      return (args) => members.has(args.currency);
    }
    case "host in": {
      const members: ReadonlySet<unknown> = new Set(condition.members);
      return (args) => members.has(args.host);
    }
    case "office hours":
      return (_args, at) => inOffice(at);
  }
}

/** 1970-01-01 was a Thursday. */
function inOffice(at: number): boolean {
  const minute = Math.floor(at / 60_000) + 3 * 1440;
  const day = Math.floor(minute / 1440) % 7;
  const ofDay = minute % 1440;
  return day < OFFICE.days && ofDay >= OFFICE.from && ofDay < OFFICE.to;
}
