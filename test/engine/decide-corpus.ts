/** The decide corpus: small policies with requests, session states and what must come out (`test/corpus/decide`). */
import { readdirSync, readFileSync } from "node:fs";
import { compile, serializeTable, sha256Hex } from "../../compiler/index.ts";
import { renderDiagnostics } from "../../dsl/index.ts";
import {
  canonicalArgs,
  decide,
  type Decision,
  type JsonObject,
  match,
  matchOpening,
  OPENING,
  parseDecimal,
  type Policy,
  prepare,
  readTable,
  type Remainder,
  type Request,
  sameHolds,
  type State,
} from "../../engine/index.ts";

export interface CorpusFile {
  readonly about: string;
  readonly policy: readonly string[];
  /** What stands in an agent's block beyond its role, by name. */
  readonly agents?: { readonly [name: string]: string };
  readonly cases: readonly CorpusCase[];
}

export interface CorpusCase {
  readonly name: string;
  /** `session.open` asks for opening a session. */
  readonly action: string;
  readonly args: JsonObject;
  /** The agents above it, the root first. */
  readonly callers?: readonly string[];
  readonly tool_sha256?: string;
  /** `r_bot`, which has role `r`, unless said otherwise. */
  readonly agent?: string;
  readonly requester?: { readonly id: string; readonly email?: string; readonly claims?: object };
  readonly resources?: readonly string[];
  /** RFC 3339; a Monday noon unless said otherwise. */
  readonly at?: string;
  readonly ip?: string;
  readonly country?: string;
  readonly confidence?: number;
  readonly state?: CorpusState;
  readonly expect: Readonly<Partial<Shown>>;
}

export interface CorpusState {
  readonly labels?: readonly string[];
  readonly calls?: number;
  /** Milliseconds. */
  readonly age?: number;
  readonly task?: string;
  readonly approved?: readonly string[];
  /** Roles that the session has gained. */
  readonly roles?: readonly string[];
  /** What live sets hold; one that isn't here can't be read. */
  readonly live?: { readonly [set: string]: readonly string[] };
  readonly did?: readonly { readonly action: string; readonly args: JsonObject; readonly ago: number }[];
  /** What is used up, by `per KEY`, or `per KEY of AGENT` for a caller's; null where nobody can count it. */
  readonly used?: { readonly [counter: string]: string | null };
}

/** A decision, short enough to be written by hand. */
export interface Shown {
  readonly decision: string;
  readonly tier: string;
  readonly reason: string;
  readonly rules: readonly string[];
  readonly resources: readonly string[];
  readonly approvals: readonly string[];
  readonly notify: readonly string[];
  readonly adds: readonly string[];
  readonly clears: readonly string[];
  readonly unknown: readonly string[];
  readonly trials: readonly string[];
  /** Pointers. */
  readonly faults: readonly string[];
  readonly spends: readonly string[];
  readonly left: readonly string[];
}

const FOLDER = new URL("../corpus/decide/", import.meta.url);

export function corpusFiles(): readonly (CorpusFile & { readonly file: string })[] {
  return readdirSync(FOLDER)
    .toSorted()
    .map((file) => ({ file, ...(JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as CorpusFile) }));
}

const FRAME = `
policy "corpus" { environments production }
group owners = ["owner@corpus.example"]
role idle { never admin }
`;

/** Compiles the policy, with an agent `NAME_bot` for each role, and reads the table back as the edge does. */
export function policyOf({ policy, agents: more = {} }: CorpusFile): Policy {
  const text = FRAME + policy.join("\n");
  const roles = [...text.matchAll(/^role (\w+)/gm)].map((found) => found[1] ?? "");
  const agents = [
    ...roles.map((role, at) => agentOf(`${role}_bot`, role, at, more[`${role}_bot`] ?? "")),
    agentOf("for_someone", roles.at(-1) ?? "", roles.length, "requester required"),
  ];
  const sources = [{ name: "corpus.agentpolicy", text: [text, ...agents].join("\n") }];
  const { table, diagnostics } = compile(sources);
  if (table === null) throw new Error(renderDiagnostics(diagnostics, sources, { colour: false, width: 120 }));
  const read = readTable(JSON.parse(serializeTable(table)), sha256Hex);
  if (!read.ok) throw new Error(read.problem);
  return prepare(read.table);
}

function agentOf(name: string, role: string, number: number, more: string): string {
  const key = Buffer.alloc(32, number + 1).toString("base64url");
  return `agent ${name} { owner owners purpose "asks" roles ${role} identity key ed25519 "${key}" ${more} review by 2027-01-31 }`;
}

export function answer(policy: Policy, one: CorpusCase): Shown {
  const request = requestOf(one);
  const asked = one.action === OPENING.name ? matchOpening(policy, request) : match(policy, request);
  const rest = structuredClone(asked);
  return shown(rest, decide(rest, stateOf(policy, one.state ?? {}, request.at)));
}

function requestOf(one: CorpusCase): Request {
  const { action, args, agent = "r_bot", requester, callers, resources, tool_sha256, ip, country, confidence } = one;
  const given = {
    callers,
    resources,
    tool_sha256,
    ip,
    country,
    confidence,
    requester: requester && { claims: {}, ...requester },
  };
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const at = Date.parse(one.at ?? "2026-11-23T12:00:00Z");
  return { agent, session: "ses_1", environment: "production", action, args, at, ...present };
}

function stateOf({ table }: Policy, state: CorpusState, now: number): State {
  const did = (state.did ?? []).map(({ action, args, ago }) => {
    const declared = table.body.actions.find(({ name }) => name === action);
    if (declared === undefined) throw new Error(`no action ${action}`);
    return { action, ago, args: canonicalArgs(declared, args) };
  });
  return {
    now,
    opened_at: now - (state.age ?? 0),
    calls: state.calls ?? did.length,
    labels: new Set(state.labels),
    roles: new Set(state.roles),
    ...(state.task === undefined ? {} : { task: state.task }),
    did: (action, same, within) =>
      did.some((one) => one.action === action && (within === null || one.ago <= within) && sameHolds(same, one.args)),
    live: (set, value) => state.live?.[set]?.includes(value) ?? null,
    used: ({ per, key, agent }) => {
      const whose = per === "agent" && agent !== null ? ` of ${agent}` : "";
      const used = state.used?.[`${per} ${key}${whose}`];
      return used === null ? null : { used: parseDecimal(used ?? "0") ?? 0n, admits_at: null };
    },
    approved: (approval) => state.approved?.includes(approval) ?? false,
  };
}

function shown(rest: Remainder, decision: Decision): Shown {
  return {
    decision: decision.decision,
    tier: decision.tier,
    reason: decision.reason,
    rules: decision.rules.map((rule) => rule.text),
    resources: rest.resources,
    approvals: decision.approvals,
    notify: decision.notify,
    adds: decision.adds,
    clears: decision.clears,
    unknown: decision.unknown,
    trials: decision.trials.map((rule) => rule.text),
    faults: decision.faults.map((fault) => fault.pointer),
    spends: decision.spends.map(({ limit, beyond }) => spent(limit, beyond)).toSorted(),
    left: decision.limits.map(({ per, remaining, limit }) => `${per} ${remaining} of ${limit}`).toSorted(),
  };
}

function spent({ per, key, amount, agent }: Remainder["limits"][number], beyond: boolean): string {
  const whose = per === "agent" && agent !== null ? ` of ${agent}` : "";
  return `${per} ${key}${whose} ${Number(amount) / 1e6}${beyond ? " beyond" : ""}`;
}
