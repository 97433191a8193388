/**
 * The decision table: what the compiler writes, what the engine and the edge read. Plain JSON.
 *
 * Everything that decides stands in `body`; where a rule was written stands in `places`, outside the hash.
 * Lists are sorted by name or id, so that the same policy gives the same bytes whatever the order of its files.
 */
import type { Condition, Operand } from "./condition.ts";
import type { ParamType, Param } from "./param-type.ts";

export type { Param, ParamType };

export const TABLE_FORMAT = 2;

export interface Table {
  readonly format: typeof TABLE_FORMAT;
  /** `sha256:` and 64 hex digits, over `JSON.stringify(body)`. */
  readonly hash: string;
  readonly body: TableBody;
  /** `sha256:` and 64 hex digits, over `JSON.stringify(places)`: a guard against damage, no part of the identity. */
  readonly places_hash: string;
  readonly places: Places;
}

export interface TableBody {
  readonly name: string;
  readonly settings: Settings;
  readonly labels: readonly Label[];
  readonly sets: readonly NamedSet[];
  /** Sets whose members change at run time. */
  readonly live_sets: readonly LiveSet[];
  readonly schedules: readonly Schedule[];
  readonly groups: readonly Group[];
  readonly channels: readonly Channel[];
  readonly approvals: readonly Approval[];
  /** Every class name, built in and declared. */
  readonly classes: readonly string[];
  readonly servers: readonly Server[];
  readonly actions: readonly Action[];
  /** `every agent` (at most one, all its blocks merged), roles, and agents' own rules. */
  readonly blocks: readonly Block[];
  readonly agents: readonly Agent[];
  readonly gateways: readonly Gateway[];
  readonly canaries: readonly Canary[];
  readonly breakers: readonly Breaker[];
  /** What an edge has to deliver for this table, beyond the request and its session; sorted. */
  readonly needs: readonly Need[];
}

/**
 * What a table can need from an edge. An edge that doesn't deliver one of these says so when it starts, and treats
 * what rests on it as unknown: identities open nothing, roles are never gained, counts are taken for used up.
 */
export const NEEDS = [
  "breakers",
  "canaries",
  "decoys",
  "delegation",
  "elevation",
  "escalation",
  "fatigue",
  "gateways",
  "limits per fleet",
  "limits per requester",
  "live sets",
  "mtls identities",
  "oidc identities",
  "opening limits",
  "reuse",
  "tool digests",
] as const;

export type Need = (typeof NEEDS)[number];

export interface Settings {
  readonly environments: readonly string[];
  /** Durations are whole milliseconds everywhere in the table. */
  readonly session: { readonly lifetime: number; readonly idle: number };
  readonly lease: number;
  readonly retain: number;
  readonly region: string | null;
  readonly people: Issuer | null;
  readonly requesters: Issuer | null;
  /** Names of groups. */
  readonly operators: readonly string[];
  readonly auditors: readonly string[];
  readonly deployers: readonly string[];
}

export interface Issuer {
  readonly issuer: string;
  readonly audience: string;
}

export interface Label {
  readonly name: string;
  readonly kind: "taint" | "sensitive" | "plain";
}

export interface NamedSet {
  readonly name: string;
  readonly members: readonly (string | number)[];
}

export interface LiveSet {
  readonly name: string;
  /** Names of groups whose members may change it. */
  readonly editors: readonly string[];
}

/**
 * A weekly schedule lowered to UTC: `weekly` holds [start, end) minutes of the local week (Monday 00:00 is 0; an end
 * may pass 10,080), `offsets` the zone's UTC offsets as [from UTC ms, minutes east], ascending. Before the first
 * offset and from `until` on, nothing is known.
 */
export interface Schedule {
  readonly name: string;
  readonly zone: string;
  readonly weekly: readonly (readonly [number, number])[];
  readonly offsets: readonly (readonly [number, number])[];
  readonly until: number;
}

export interface Group {
  readonly name: string;
  /** Lower-case addresses; null when membership is a claim. */
  readonly members: readonly string[] | null;
  readonly claim: { readonly name: string; readonly value: string } | null;
}

export interface Channel {
  readonly name: string;
  readonly kind: string;
  /** Name of the deployment's secret that holds the address. */
  readonly secret: string | null;
}

export interface Approval {
  readonly name: string;
  /** Names of groups; `requester` true when the requester confirms. */
  readonly approvers: readonly string[];
  readonly requester: boolean;
  readonly quorum: number;
  readonly tell: readonly string[];
  readonly within: number;
  readonly use_within: number;
  readonly reason_required: boolean;
  readonly excluding_owners: boolean;
  /** From so many milliseconds after it was asked, these groups may decide too; ascending by `after`. */
  readonly escalate: readonly Escalation[];
  readonly reuse: Reuse | null;
  /** How many approvals one person may give in so many milliseconds; null: no cap. */
  readonly fatigue: { readonly n: number; readonly within: number } | null;
  /** One request in so many that people see must be refused; null: none. */
  readonly decoys: number | null;
  readonly doc: string | null;
}

export interface Escalation {
  readonly groups: readonly string[];
  readonly after: number;
}

/** Up to `n` later requests run under it within so many milliseconds, equal in all but the arguments `varying`. */
export interface Reuse {
  readonly n: number;
  readonly within: number;
  readonly varying: readonly string[];
}

/** A tool server whose catalogue gave the parameters of its actions. */
export interface Server {
  readonly name: string;
  readonly protocol: "mcp";
  readonly url: string;
  /** 64 hex digits: hash of the catalogue that was reviewed. */
  readonly sha256: string;
}

export interface Action {
  readonly name: string;
  readonly params: readonly Param[];
  /** `...` as the last parameter: undeclared arguments are admitted. */
  readonly open: boolean;
  readonly classes: readonly Conditional<{ readonly name: string }>[];
  /** Null: `on none`. A list: each template whose condition holds gives resources. */
  readonly resources: readonly Conditional<{ readonly template: readonly TemplateSegment[] }>[] | null;
  readonly yields: readonly Conditional<{ readonly label: string }>[];
  readonly clears: readonly string[];
  readonly recovery: string | null;
  readonly tool: Tool | null;
  readonly doc: string | null;
}

export interface Tool {
  /** Name of the tool as its server spells it. */
  readonly name: string;
  /** Name of the server; null where the policy declares none. */
  readonly server: string | null;
  /** 64 hex digits over the canonical JSON of its reviewed name, description and input schema; null without a server. */
  readonly sha256: string | null;
}

export type Conditional<T> = T & { readonly when: Condition | null };

export type TemplateSegment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "hole"; readonly path: readonly string[]; readonly type: ParamType };

export interface Block {
  readonly kind: "every" | "role" | "agent";
  /** Name of the role or agent; empty for `every`. */
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly limits: readonly Limit[];
}

export type Tier = "allow" | "notify" | "ask" | "never";

export interface Rule {
  /** `r_` and 12 hex digits: hash of canonical text and block. */
  readonly id: string;
  readonly tier: Tier;
  readonly trial: boolean;
  readonly scope: Scope;
  readonly when: Condition | null;
  readonly to: readonly string[];
  readonly via: readonly string[];
  /** UTC milliseconds from which the rule is gone. */
  readonly until: number | null;
  /** Canonical text, as the formatter prints it. */
  readonly text: string;
  readonly doc: string | null;
}

/** What a rule or limit is about, before its condition. */
export interface Scope {
  readonly select: readonly Selector[];
  readonly except: readonly Selector[];
  readonly on: readonly Pattern[] | null;
  readonly on_except: readonly Pattern[];
}

export type Selector =
  | { readonly kind: "action"; readonly name: string }
  | { readonly kind: "prefix"; readonly prefix: string }
  | { readonly kind: "class"; readonly name: string }
  | { readonly kind: "any" };

export type Pattern = readonly PatternSegment[];

export type PatternSegment =
  | { readonly kind: "text"; readonly text: string }
  /** `*` any run within the segment, `?` one character. */
  | { readonly kind: "glob"; readonly glob: string }
  /** `**`: any number of segments, none too. */
  | { readonly kind: "rest" }
  /** Compares the segment with the request's own value. */
  | { readonly kind: "hole"; readonly operand: Operand };

export interface Limit {
  /** `l_` and 12 hex digits: hash of canonical text and block. */
  readonly id: string;
  /** `c_` and 24 hex digits: the same without N and `then`. Counters live under it. */
  readonly counter: string;
  readonly trial: boolean;
  readonly scope: Scope;
  readonly when: Condition | null;
  /** Path of the summed argument; null counts actions. */
  readonly total: readonly string[] | null;
  /** N as a canonical decimal string: `"20"`, `"500.5"`. */
  readonly n: string;
  /** Milliseconds; null (only `per session`): as long as the session. */
  readonly window: number | null;
  readonly per: "session" | "agent" | "requester" | "fleet";
  /** Paths of arguments; one count for each combination of their values. */
  readonly keys: readonly (readonly string[])[];
  /** Approval that admits beyond N; null denies. */
  readonly via: string | null;
  readonly text: string;
  readonly doc: string | null;
}

export interface Agent {
  readonly name: string;
  /** Name of a group, or an address. */
  readonly owner: string;
  readonly purpose: string;
  readonly roles: readonly string[];
  readonly identities: readonly Identity[];
  readonly requester_required: boolean;
  /** UTC milliseconds from which every request is `review_overdue`: the start of the day after the review date. */
  readonly review_by: number;
  /** True when `task from client` lets the opening program state the task. */
  readonly task_from_client: boolean;
  readonly starts_with: readonly string[];
  /** Sorted by agent. */
  readonly may_call: readonly MayCall[];
  /** Sorted by role. */
  readonly may_become: readonly MayBecome[];
  readonly doc: string | null;
}

/** In sessions of `agent` below its own, what `select` names counts as granted to the caller. */
export interface MayCall {
  readonly agent: string;
  readonly select: readonly Selector[];
}

export interface MayBecome {
  readonly role: string;
  /** Name of an approval. */
  readonly via: string;
  /** Milliseconds. */
  readonly duration: number;
}

export type Identity =
  | { readonly kind: "key"; readonly algorithm: "ed25519"; readonly public_key: string }
  /** Every claim must equal one of its values; the audience is the edge's own origin. */
  | { readonly kind: "oidc"; readonly issuer: string; readonly claims: readonly IdentityClaim[] }
  /** 64 hex digits: fingerprint of the client certificate. */
  | { readonly kind: "mtls"; readonly sha256: string };

export interface IdentityClaim {
  readonly name: string;
  /** Sorted, at least one. */
  readonly values: readonly string[];
}

/** A service that asks on behalf of agents that it has authenticated itself. */
export interface Gateway {
  readonly name: string;
  readonly identities: readonly Identity[];
  /** Names of agents; it can ask for no others. */
  readonly agents: readonly string[];
  readonly doc: string | null;
}

/** A marker planted in data; only its hash is known here. */
export interface Canary {
  readonly name: string;
  /** 64 hex digits. */
  readonly sha256: string;
}

export interface Breaker {
  readonly name: string;
  readonly event: BreakerEvent;
  readonly per: BreakerScope;
  /** Scopes to kill, none wider than `per`. */
  readonly kill: readonly BreakerScope[];
  /** Names of channels. */
  readonly tell: readonly string[];
  readonly doc: string | null;
}

export type BreakerScope = "session" | "agent" | "requester" | "fleet";

/** Durations in milliseconds. */
export type BreakerEvent =
  | { readonly kind: "count"; readonly what: "denied" | "failed"; readonly n: number; readonly within: number }
  /** `percent` of at least `of` outcomes failed. */
  | { readonly kind: "ratio"; readonly percent: string; readonly within: number; readonly of: number }
  /** `factor` times as many calls as usual. */
  | { readonly kind: "usual"; readonly factor: string; readonly within: number }
  /** An action used for the first time after so long. */
  | { readonly kind: "first_use"; readonly after: number }
  | { readonly kind: "canary" };

/** Where things were written. Positions are 1-based; columns count UTF-16 units. */
export interface Places {
  readonly files: readonly string[];
  /** By rule or limit id: index into `files`, line, column. A rule written twice has its first place. */
  readonly rules: readonly (readonly [id: string, file: number, line: number, column: number])[];
  /** By `kind name` of a declaration, such as `agent sales_bot`. */
  readonly declarations: readonly (readonly [name: string, file: number, line: number, column: number])[];
}
