/**
 * @casl/ability as its guide recommends for speed: one ability for each set of roles, built once and kept, with
 * conditions in its Mongo query language. Arguments are not checked: CASL has no notion of them.
 * https://casl.js.org/v6/en/cookbook/cache-rules
 */
import { createMongoAbility, type MongoAbility, type RawRuleOf } from "@casl/ability";
import type { Contender } from "./contender.ts";
import {
  type NeutralCondition,
  type NeutralRequest,
  type NeutralRule,
  OFFICE,
  VERBS,
  type Workload,
} from "./workload.ts";

interface Subject {
  readonly service: string;
  readonly resource: string;
  readonly amount: number | undefined;
  readonly currency: string | undefined;
  readonly host: string | undefined;
  readonly day: number;
  readonly minute: number;
}

type Ability = MongoAbility<[string, string | Subject]>;

export function casl({ roles, agents }: Workload): Contender<NeutralRequest> {
  const byName = new Map(roles.map((role) => [role.name, role.rules]));
  const pairs = new Map<string, Ability>();
  const abilities = new Map<string, Ability>();
  for (const agent of agents) {
    const key = agent.roles.join("|");
    const ability = pairs.get(key) ?? abilityOf(agent.roles.flatMap((name) => byName.get(name) ?? []));
    pairs.set(key, ability);
    abilities.set(agent.name, ability);
  }
  return {
    name: "@casl/ability",
    note: "abilities cached; subject put together, arguments not checked",
    translate: (request) => request,
    allows: (request) => abilities.get(request.agent)?.can(request.action, subjectOf(request)) ?? false,
  };
}

/** Later rules win in CASL, so what is never allowed comes last. */
function abilityOf(rules: readonly NeutralRule[]): Ability {
  const ordered = [...rules.filter(isAllow), ...rules.filter((rule) => !isAllow(rule))];
  return createMongoAbility<Ability>(ordered.map(ruleOf), {
    detectSubjectType: (subject) => (typeof subject === "string" ? subject : subject.service),
  });
}

function isAllow({ effect }: NeutralRule): boolean {
  return effect === "allow";
}

function ruleOf({ effect, service, verb, where, conditions }: NeutralRule): RawRuleOf<Ability> {
  const query: { [field: string]: object } = {};
  if (where.kind === "region") query["resource"] = { $regex: new RegExp(`^${service}/${where.region}(?:/|$)`) };
  if (where.kind === "prefix") query["resource"] = { $regex: new RegExp(`^${service}/[^/]*/${where.prefix}[^/]*$`) };
  for (const condition of conditions) Object.assign(query, queryOf(condition));
  return {
    action: verb === null ? VERBS.map((one) => `${service}.${one}`) : `${service}.${verb}`,
    subject: service,
    inverted: effect === "never",
    ...(Object.keys(query).length === 0 ? {} : { conditions: query }),
  };
}

function queryOf(condition: NeutralCondition): { readonly [field: string]: object } {
  switch (condition.kind) {
    case "at most":
      return { amount: { $lte: condition.amount } };
    case "more than":
      return { amount: { $gt: condition.amount } };
    case "currency in":
      return { currency: { $in: [...condition.members] } };
    case "host in":
      return { host: { $in: [...condition.members] } };
    case "office hours":
      return { day: { $lt: OFFICE.days }, minute: { $gte: OFFICE.from, $lt: OFFICE.to } };
  }
}

/** What the application has to put together for each question: the subject that its conditions read. */
function subjectOf({ service, args, at }: NeutralRequest): Subject {
  const { region, id, amount, currency, host } = args;
  const resource = id === undefined ? `${service}/${region}` : `${service}/${region}/${id}`;
  const minute = Math.floor(at / 60_000) + 3 * 1440;
  return { service, resource, amount, currency, host, day: Math.floor(minute / 1440) % 7, minute: minute % 1440 };
}
