/**
 * @cedar-policy/cedar-wasm with `statefulIsAuthorized`, its documented fast path: policies are parsed once and named
 * by id. One policy set for each set of roles holds only the rules that can concern the agent; schema and request
 * validation stay off. Arguments are not checked beyond their Cedar types.
 */
import * as cedar from "@cedar-policy/cedar-wasm/nodejs";
import type { Contender } from "./contender.ts";
import {
  type NeutralCondition,
  type NeutralRequest,
  type NeutralRule,
  OFFICE,
  VERBS,
  type Workload,
} from "./workload.ts";

type Call = cedar.StatefulAuthorizationCall;

interface Question {
  readonly request: NeutralRequest;
  /** The id of the preparsed set. */
  readonly policies: string;
}

export function cedarWasm({ roles, agents }: Workload): Contender<Question> {
  const byName = new Map(roles.map((role) => [role.name, role.rules]));
  const pairs = new Map(agents.map((agent) => [agent.name, agent.roles]));
  const parsed = new Set<string>();
  const setOf = (agent: string): string => {
    const names = pairs.get(agent) ?? [];
    const id = names.join("|");
    if (!parsed.has(id)) {
      parse(
        id,
        names.flatMap((name) => byName.get(name) ?? []),
      );
      parsed.add(id);
    }
    return id;
  };
  return {
    name: "@cedar-policy/cedar-wasm",
    note: "policy sets preparsed by roles; arguments not checked",
    translate: (request) => ({ request, policies: setOf(request.agent) }),
    allows: ({ request, policies }) => {
      const answer = cedar.statefulIsAuthorized(callOf(request, policies));
      if (answer.type === "failure") throw new Error(answer.errors.map((error) => error.message).join(", "));
      return answer.response.decision === "allow";
    },
  };
}

function parse(id: string, rules: readonly NeutralRule[]): void {
  const answer = cedar.preparsePolicySet(id, { staticPolicies: rules.map(policyOf).join("\n") });
  if (answer.type === "failure") throw new Error(answer.errors.map((error) => error.message).join(", "));
}

function policyOf({ effect, service, verb, where, conditions }: NeutralRule): string {
  const actions = (verb === null ? VERBS : [verb]).map((one) => `Action::"${service}.${one}"`);
  const tests = conditions.flatMap(testsOf);
  if (where.kind === "region") {
    const root = `${service}/${where.region}`;
    tests.unshift(`(context.resource == "${root}" || context.resource like "${root}/*")`);
  }
  if (where.kind === "prefix") tests.unshift(`context.resource like "${service}/*/${where.prefix}*"`);
  const when = tests.length === 0 ? "" : ` when { ${tests.join(" && ")} }`;
  return `${effect === "allow" ? "permit" : "forbid"}(principal, action in [${actions.join(", ")}], resource)${when};`;
}

function testsOf(condition: NeutralCondition): readonly string[] {
  switch (condition.kind) {
    case "at most":
      return [`context.amount.lessThanOrEqual(decimal("${condition.amount}.0"))`];
    case "more than":
      return [`context.amount.greaterThan(decimal("${condition.amount}.0"))`];
    case "currency in":
      return [`${JSON.stringify(condition.members)}.contains(context.currency)`];
    case "host in":
      return [`${JSON.stringify(condition.members)}.contains(context.host)`];
    case "office hours":
      return [`context.day < ${OFFICE.days}`, `context.minute >= ${OFFICE.from}`, `context.minute < ${OFFICE.to}`];
  }
}

function callOf({ agent, action, service, args, at }: NeutralRequest, preparsedPolicySetId: string): Call {
  const { region, id, amount, ...others } = args;
  const minute = Math.floor(at / 60_000) + 3 * 1440;
  const resource = id === undefined ? `${service}/${region}` : `${service}/${region}/${id}`;
  return {
    principal: { type: "Agent", id: agent },
    action: { type: "Action", id: action },
    resource: { type: "Resource", id: resource },
    context: {
      resource,
      ...others,
      ...(amount === undefined ? {} : { amount: { __extn: { fn: "decimal", arg: amount.toFixed(2) } } }),
      day: Math.floor(minute / 1440) % 7,
      minute: minute % 1440,
    },
    preparsedPolicySetId,
    validateRequest: false,
    entities: [],
  };
}
