/** The workload as a decision table, read back through validation as the edge would. */
import { createHash } from "node:crypto";
import {
  type Action,
  type Block,
  type Condition,
  decide,
  type JsonObject,
  match,
  type Param,
  type ParamType,
  type Pattern,
  type Policy,
  prepare,
  readTable,
  type Request,
  type Rule,
  type State,
  type Table,
  type TableBody,
} from "../../engine/index.ts";
import type { Contender } from "./contender.ts";
import {
  CURRENCIES,
  type NeutralCondition,
  type NeutralRequest,
  type NeutralRole,
  type NeutralRule,
  OFFICE,
  REGIONS,
  VERBS,
  type Verb,
  type Workload,
} from "./workload.ts";

export function agentpolicy(workload: Workload): Contender<Request> {
  const policy = policyOf(workload);
  return {
    name: "agentpolicy match+decide",
    note: "arguments checked, resources computed",
    translate: (request) => requestOf(request),
    allows: (request) => decide(match(policy, request), FRESH).decision === "allow",
  };
}

/** A session that has done nothing: no row of this workload reads it. */
const FRESH: State = {
  now: 0,
  opened_at: 0,
  calls: 0,
  labels: new Set(),
  roles: new Set(),
  did: () => false,
  live: () => null,
  used: () => ({ used: 0n, admits_at: null }),
  approved: () => false,
};

function requestOf({ agent, action, args, at }: NeutralRequest): Request {
  return { agent, session: "ses_1", environment: "production", action, args: args as unknown as JsonObject, at };
}

function policyOf(workload: Workload): Policy {
  const read = readTable(JSON.parse(JSON.stringify(tableOf(workload))), sha256Hex);
  if (!read.ok) throw new Error(read.problem);
  return prepare(read.table);
}

export function tableOf(workload: Workload): Table {
  const body = bodyOf(workload);
  const places = { files: [], rules: [], declarations: [] };
  return {
    format: 2,
    hash: `sha256:${sha256Hex(JSON.stringify(body))}`,
    body,
    places_hash: `sha256:${sha256Hex(JSON.stringify(places))}`,
    places,
  };
}

export function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function bodyOf({ services, roles, agents }: Workload): TableBody {
  return {
    name: "bench",
    settings: {
      environments: ["production"],
      session: { lifetime: 28_800_000, idle: 1_800_000 },
      lease: 10_000,
      retain: 86_400_000,
      region: null,
      people: null,
      requesters: null,
      operators: [],
      auditors: [],
      deployers: [],
    },
    labels: [],
    sets: [],
    schedules: [officeHours()],
    groups: [{ name: "owners", members: ["owner@bench.example"], claim: null }],
    channels: [],
    approvals: [],
    classes: ["read", "write", "delete", "external"],
    actions: services.flatMap((service) => VERBS.map((verb) => actionOf(service, verb))),
    blocks: roles.map(blockOf),
    live_sets: [],
    servers: [],
    gateways: [],
    canaries: [],
    breakers: [],
    needs: [],
    agents: agents.map(({ name, roles: names }) => ({
      name,
      owner: "owners",
      purpose: "bench",
      roles: [...names],
      identities: [],
      requester_required: false,
      review_by: Date.UTC(2030, 0, 1),
      task_from_client: false,
      starts_with: [],
      may_call: [],
      may_become: [],
      doc: null,
    })),
  };
}

function officeHours(): TableBody["schedules"][number] {
  const weekly = Array.from({ length: OFFICE.days }, (_, day): [number, number] => [
    day * 1440 + OFFICE.from,
    day * 1440 + OFFICE.to,
  ]);
  return { name: "office_hours", zone: "UTC", weekly, offsets: [[0, 0]], until: Date.UTC(2040, 0, 1) };
}

const ENUM_REGION: ParamType = { kind: "enum", values: [...REGIONS] };
const TEXT_ID: ParamType = { kind: "string", min: null, max: 64, like: null };

const PARAMS: { readonly [verb in Verb]: readonly Param[] } = {
  list: [param("region", ENUM_REGION)],
  read: [param("region", ENUM_REGION), param("id", TEXT_ID)],
  delete: [param("region", ENUM_REGION), param("id", TEXT_ID)],
  share: [param("region", ENUM_REGION), param("id", TEXT_ID), param("host", { kind: "host" })],
  update: [
    param("region", ENUM_REGION),
    param("id", TEXT_ID),
    param("amount", { kind: "decimal", min: "0", max: null }),
    param("currency", { kind: "enum", values: [...CURRENCIES] }),
  ],
};

const CLASSES: { readonly [verb in Verb]: string } = {
  list: "read",
  read: "read",
  update: "write",
  delete: "delete",
  share: "external",
};

function param(name: string, type: ParamType): Param {
  return { name, type, optional: false, secret: false };
}

function actionOf(service: string, verb: Verb): Action {
  const params = PARAMS[verb];
  const holes = params.slice(0, 2).map(({ name, type }) => ({ kind: "hole" as const, path: [name], type }));
  return {
    name: `${service}.${verb}`,
    params,
    open: false,
    classes: [{ name: CLASSES[verb], when: null }],
    resources: [{ template: [{ kind: "text", text: service }, ...holes], when: null }],
    yields: [],
    clears: [],
    recovery: null,
    tool: null,
    doc: null,
  };
}

function blockOf({ name, rules }: NeutralRole): Block {
  return { kind: "role", name, rules: rules.map((rule, at) => ruleOf(rule, `${name} ${at}`)), limits: [] };
}

function ruleOf(rule: NeutralRule, key: string): Rule {
  const { effect, service, verb, conditions } = rule;
  return {
    id: `r_${sha256Hex(key).slice(0, 12)}`,
    tier: effect,
    trial: false,
    scope: {
      select: [verb === null ? { kind: "prefix", prefix: service } : { kind: "action", name: `${service}.${verb}` }],
      except: [],
      on: [patternOf(rule)],
      on_except: [],
    },
    when: conditions.length === 0 ? null : { op: "and", of: conditions.map(conditionOf) },
    to: [],
    via: [],
    until: null,
    text: `${effect} ${service}.${verb ?? "*"}`,
    doc: null,
  };
}

function patternOf({ service, where }: NeutralRule): Pattern {
  const root = { kind: "text", text: service } as const;
  switch (where.kind) {
    case "anywhere":
      return [root, { kind: "rest" }];
    case "region":
      return [root, { kind: "text", text: where.region }, { kind: "rest" }];
    case "prefix":
      return [root, { kind: "glob", glob: "*" }, { kind: "glob", glob: `${where.prefix}*` }];
  }
}

function conditionOf(condition: NeutralCondition): Condition {
  switch (condition.kind) {
    case "at most":
    case "more than":
      return {
        op: "compare",
        by: condition.kind === "at most" ? "<=" : ">",
        type: "number",
        left: { from: "args", path: ["amount"] },
        right: { from: "literal", literal: { type: "number", value: String(condition.amount) } },
      };
    case "currency in":
    case "host in":
      return {
        op: "in",
        type: "string",
        left: { from: "args", path: [condition.kind === "host in" ? "host" : "currency"] },
        members: condition.members.map((value) => ({ type: "string", value })),
      };
    case "office hours":
      return { op: "during", schedule: "office_hours" };
  }
}
