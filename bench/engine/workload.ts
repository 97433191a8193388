/**
 * One company in neutral terms: services with five actions each, roles of 25 rules over a few services, agents with
 * two roles, and requests. Each contender translates this into its own form; none of its words belong to one of them.
 */
import { type Random, seeded } from "./random.ts";

export const RULES_PER_ROLE = 25;
/** As first chosen. A number here that is changed after a measurement, because of it, makes the measurement worthless. */
const SERVICES_PER_ROLE = 4;
export const DEFAULT_SEED = 7;
export const REGIONS = ["eu", "us", "apac", "latam"] as const;
export const CURRENCIES = ["EUR", "USD", "GBP", "JPY"] as const;
export const VERBS = ["read", "list", "update", "delete", "share"] as const;
/** Monday to Friday, 09:00 to 17:00 UTC. */
export const OFFICE = { days: 5, from: 540, to: 1020 } as const;

export type Verb = (typeof VERBS)[number];

/** What every rule says: which action(s), where, and under which one or two conditions. */
export interface NeutralRule {
  readonly effect: "allow" | "never";
  readonly service: string;
  /** Null stands for every action of the service. */
  readonly verb: Verb | null;
  readonly where: Where;
  readonly conditions: readonly NeutralCondition[];
}

// Everything of the service, everything in a region of it, or what has an id that begins with the prefix in any region.
export type Where =
  | { readonly kind: "anywhere" }
  | { readonly kind: "region"; readonly region: string }
  | { readonly kind: "prefix"; readonly prefix: string };

export type NeutralCondition =
  | { readonly kind: "at most" | "more than"; readonly amount: number }
  | { readonly kind: "currency in"; readonly members: readonly string[] }
  | { readonly kind: "host in"; readonly members: readonly string[] }
  | { readonly kind: "office hours" };

export interface NeutralRole {
  readonly name: string;
  readonly rules: readonly NeutralRule[];
}

export interface NeutralAgent {
  readonly name: string;
  readonly roles: readonly [string, string];
}

export interface NeutralRequest {
  readonly agent: string;
  readonly service: string;
  readonly verb: Verb;
  readonly action: string;
  readonly args: NeutralArgs;
  readonly at: number;
}

export interface NeutralArgs {
  readonly region: string;
  readonly id?: string;
  readonly amount?: number;
  readonly currency?: string;
  readonly host?: string;
}

export interface Workload {
  readonly services: readonly string[];
  readonly roles: readonly NeutralRole[];
  readonly agents: readonly NeutralAgent[];
  readonly requests: readonly NeutralRequest[];
}

const SERVICES = "crm billing mail files chat build deploy search vault hr legal metrics".split(" ");
const KINDS = ["prod", "test", "dev", "tmp"] as const;
const HOSTS = Array.from({ length: 60 }, (_, at) => `partner-${at}.example`);
/** Monday 2026-11-23, midnight UTC. */
const WEEK = Date.UTC(2026, 10, 23);

/** Ten agents and ten roles make a team; an agent has two roles of its team. */
const TEAM = 10;

/**
 * The first `active` agents ask, the others are only there. The same seed gives the same first roles and the same
 * requests of the first agents, whatever the number of agents: then only the size of the policy differs.
 */
export function workloadOf(agents: number, active: number, requests: number, seed = DEFAULT_SEED): Workload {
  const count = Math.max(TEAM, agents / 10);
  const roles = Array.from({ length: count }, (_, at) => roleOf(seeded(seed * 10_007 + at), at));
  const people = Array.from({ length: agents }, (_, at) => agentOf(at, roles));
  const asking = people.slice(0, active);
  const byName = new Map(roles.map((role) => [role.name, role]));
  const random = seeded(seed);
  return {
    services: SERVICES,
    roles,
    agents: people,
    requests: Array.from({ length: requests }, () => received(requestOf(random, random.pick(asking), byName))),
  };
}

/** Requests come over a wire: none of their texts is the very object that a table was built from. */
function received(request: NeutralRequest): NeutralRequest {
  return JSON.parse(JSON.stringify(request)) as NeutralRequest;
}

function agentOf(at: number, roles: readonly NeutralRole[]): NeutralAgent {
  const team = Math.floor(at / TEAM) * TEAM;
  const role = (number: number): string => roles[(team + (number % TEAM)) % roles.length]?.name ?? "";
  return { name: `agent_${at}`, roles: [role(at), role(at + 1)] };
}

function roleOf(random: Random, at: number): NeutralRole {
  const services = Array.from({ length: SERVICES_PER_ROLE }, () => random.pick(SERVICES));
  const rules = Array.from({ length: RULES_PER_ROLE }, () => ruleOf(random, random.pick(services)));
  return { name: `role_${at}`, rules };
}

function ruleOf(random: Random, service: string): NeutralRule {
  const where = whereOf(random);
  const always = { effect: "allow", service, where, conditions: [] } as const;
  switch (random.int(10)) {
    case 0:
      return { ...always, verb: null };
    case 1:
    case 2:
      return { ...always, verb: "read" };
    case 3:
      return { ...always, verb: "list", where: { kind: "anywhere" } };
    case 4:
      return { ...always, verb: "update", conditions: [atMost(random), currencies(random)] };
    case 5:
      return { ...always, verb: "update", conditions: [atMost(random), { kind: "office hours" }] };
    case 6:
      return { ...always, verb: "share", conditions: [hosts(random)] };
    case 7:
      return { ...always, verb: "delete", conditions: [{ kind: "office hours" }] };
    case 8:
      return { ...always, effect: "never", verb: null, where: { kind: "prefix", prefix: `${random.pick(KINDS)}-9` } };
    default:
      return { ...always, effect: "never", verb: "update", conditions: [moreThan(random)] };
  }
}

function whereOf(random: Random): Where {
  switch (random.int(3)) {
    case 0:
      return { kind: "anywhere" };
    case 1:
      return { kind: "region", region: random.pick(REGIONS) };
    default:
      return { kind: "prefix", prefix: `${random.pick(KINDS)}-` };
  }
}

function atMost(random: Random): NeutralCondition {
  return { kind: "at most", amount: 10 + random.int(500) };
}

function moreThan(random: Random): NeutralCondition {
  return { kind: "more than", amount: 400 + random.int(500) };
}

function currencies(random: Random): NeutralCondition {
  return { kind: "currency in", members: [...new Set([random.pick(CURRENCIES), random.pick(CURRENCIES)])] };
}

function hosts(random: Random): NeutralCondition {
  return { kind: "host in", members: [...new Set(Array.from({ length: 20 }, () => random.pick(HOSTS)))] };
}

/** Agents mostly ask for what some rule of their roles is about; one time in ten for anything. */
function requestOf(random: Random, agent: NeutralAgent, roles: ReadonlyMap<string, NeutralRole>): NeutralRequest {
  const rule = random.pick(roles.get(random.pick(agent.roles))?.rules ?? []);
  const stray = random.next() < 0.1;
  const service = stray ? random.pick(SERVICES) : rule.service;
  const verb = stray ? random.pick(VERBS) : (rule.verb ?? random.pick(VERBS));
  const at = WEEK + random.int(7 * 24 * 60) * 60_000;
  return { agent: agent.name, service, verb, action: `${service}.${verb}`, args: argsOf(random, verb), at };
}

function argsOf(random: Random, verb: Verb): NeutralArgs {
  const region = random.pick(REGIONS);
  if (verb === "list") return { region };
  const id = `${random.pick(KINDS)}-${random.int(1000)}`;
  if (verb === "update") return { region, id, amount: random.int(100_000) / 100, currency: random.pick(CURRENCIES) };
  return verb === "share" ? { region, id, host: random.pick(HOSTS) } : { region, id };
}
