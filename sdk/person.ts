/**
 * What people do at an edge: decide requests, flip switches, read records and what proves them. A person's token comes
 * from the policy's issuer of people; an agent's or requester's is never taken here.
 */
import { answerWith, listIn } from "./answer-members.ts";
import { type Auditor, auditorOf } from "./auditor.ts";
import { UnexpectedAnswer } from "./errors.ts";
import { type ExportDesk, exportDeskOf } from "./export-desk.ts";
import { send, sendForLines, transportTo } from "./transport.ts";
import type { Call, TransportOptions } from "./transport.ts";
import type {
  ApprovalDecisionRequest,
  FlipResponse,
  ListedSwitch,
  WireApproval,
  WireApprovalState,
  WireSwitch,
} from "./wire.ts";

export interface PersonOptions extends TransportOptions {
  readonly token: string;
  /** True: the token is one of Cloudflare Access and goes into its own header, `Cf-Access-Jwt-Assertion`. */
  readonly access?: boolean;
}

export interface SessionSummary {
  readonly id: string;
  /** The session at the top of its tree: itself, where no other opened it. */
  readonly root: string;
  readonly agent: string;
  readonly opened_at: string;
  readonly ended_at: string | null;
  /** `frozen`: a kill switch holds it, or it was stopped for flooding. */
  readonly status: "open" | "frozen" | "ended";
}

/** What is usual for an agent. */
export interface UsualSummary {
  readonly agent: string;
  /** RFC 3339: since when it is watched. */
  readonly since: string;
  /** False: too little was seen, so that no breaker `Nx usual` trips. */
  readonly learned: boolean;
  /** Those used last first. */
  readonly actions: readonly {
    readonly action: string;
    /** Calls in this hour so far, and as many as are usual in the whole of it; null until that is learned. */
    readonly this_hour: number;
    readonly usual: number | null;
    readonly last_used_at: string;
  }[];
}

export interface SetSummary {
  readonly name: string;
  /** Names of the policy's groups. */
  readonly editors: readonly string[];
  readonly may_edit: boolean;
}

export interface WireSet {
  readonly name: string;
  readonly version: number;
  readonly members: readonly string[];
  /** Newest first; only where they were asked for. */
  readonly edits?: readonly SetEdit[];
}

export interface SetEdit {
  readonly version: number;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
  /** Only what changed something. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export interface SetChange {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  readonly reason: string;
}

/** A rule or limit of the policy in force. */
export interface PolicyRule {
  readonly id: string;
  /** `role sales`. */
  readonly block: string;
  /** As the formatter prints it. */
  readonly text: string;
}

export interface Person extends Auditor, ExportDesk {
  /** Requests that wait for this person. */
  approvals(): Promise<readonly WireApproval[]>;
  approval(id: string): Promise<WireApproval>;
  /** `request_digest` must be that of what the person was shown. */
  decide(id: string, decision: ApprovalDecisionRequest): Promise<WireApprovalState>;
  /** Those that are flipped, or with `history` all there ever were; the newest first. */
  switches(options?: { readonly history?: boolean }): Promise<readonly ListedSwitch[]>;
  flip(scope: WireSwitch["scope"], name: string, reason: string): Promise<FlipResponse>;
  /** Lifts the switch with this id; without one, every one that is flipped for the name. */
  lift(scope: WireSwitch["scope"], name: string, reason: string, id?: string): Promise<FlipResponse>;
  /** Live sets that this person may read. */
  sets(): Promise<readonly SetSummary[]>;
  set(name: string, options?: { readonly history?: boolean }): Promise<WireSet>;
  /** Takes effect in every session within the policy's `lease`. */
  editSet(name: string, change: SetChange): Promise<WireSet>;
  /** Of the policy in force. */
  rules(): Promise<readonly PolicyRule[]>;
  /** Of one agent, or of all that the policy has; the newest first. */
  sessions(agent?: string): Promise<readonly SessionSummary[]>;
  /** What is usual for each agent, by what it did in weeks before. */
  usual(agent?: string): Promise<readonly UsualSummary[]>;
  /** Hands on one record a line, as the edge stored it; `after` is the `seq` of the last one already there. */
  records(session: string, take: (line: string) => void, after?: number): Promise<void>;
}

/** Sends nothing yet. Throws a TypeError for an address or time-out that can't be. */
export function connectPerson(options: PersonOptions): Person {
  const transport = transportTo(options);
  const headers: Readonly<Record<string, string>> = options.access
    ? { "cf-access-jwt-assertion": options.token }
    : { authorization: `Bearer ${options.token}` };
  const call = async (request: Omit<Call, "headers">): Promise<unknown> =>
    (await send(transport, { ...request, headers })).body;
  return {
    ...auditorOf(transport, headers),
    ...exportDeskOf(transport, headers),
    approvals: async () => listIn(await call({ method: "GET", path: "/v1/approvals?status=pending" }), "approvals"),
    approval: async (id) => answerWith(await call({ method: "GET", path: approvalPath(id) }), "request_digest"),
    decide: async (id, body) =>
      answerWith(await call({ method: "POST", path: `${approvalPath(id)}/decision`, body }), "status"),
    switches: (which = {}) =>
      everyPage(call, which.history === true ? "/v1/switches?history=true" : "/v1/switches", "switches"),
    flip: async (scope, name, reason) =>
      answerWith(await call({ method: "PUT", path: switchPath(scope, name), body: { reason } }), "switch"),
    lift: async (scope, name, reason, id) => {
      const path = `${switchPath(scope, name)}${id === undefined ? "" : `?id=${encodeURIComponent(id)}`}`;
      return answerWith(await call({ method: "DELETE", path, body: { reason } }), "switch");
    },
    sets: async () => listIn(await call({ method: "GET", path: "/v1/sets" }), "sets"),
    set: async (name, which = {}) =>
      answerWith(
        await call({ method: "GET", path: `${setPath(name)}${which.history ? "?history=true" : ""}` }),
        "members",
      ),
    editSet: async (name, change) =>
      answerWith(await call({ method: "PATCH", path: setPath(name), body: change }), "members"),
    rules: async () => listIn(await call({ method: "GET", path: "/v1/policy" }), "rules"),
    sessions: async (agent) => {
      const found = await everyPage<SessionSummary>(call, sessionsPath(agent), "sessions");
      return found.toSorted((one, other) => Date.parse(other.opened_at) - Date.parse(one.opened_at));
    },
    usual: (agent) => everyPage(call, sessionsPath(agent), "usual"),
    records: async (session, take, after = 0) => {
      const path = `/v1/sessions/${encodeURIComponent(session)}/records?after=${after}`;
      await sendForLines(transport, { method: "GET", path, headers }, take);
    },
  };
}

function sessionsPath(agent: string | undefined): string {
  return agent === undefined ? "/v1/sessions" : `/v1/sessions?agent=${encodeURIComponent(agent)}`;
}

/** All of a list that the edge gives in pages. */
async function everyPage<Item>(
  call: (request: Omit<Call, "headers">) => Promise<unknown>,
  path: string,
  name: string,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  let cursor: string | null = null;
  do {
    const after = cursor === null ? "" : `${path.includes("?") ? "&" : "?"}after=${encodeURIComponent(cursor)}`;
    const page = await call({ method: "GET", path: `${path}${after}` });
    found.push(...listIn<Item>(page, name));
    cursor = nextPage(page);
  } while (cursor !== null);
  return found;
}

/** Null behind the last page. */
function nextPage(body: unknown): string | null {
  const { more, cursor } = answerWith<{ readonly more: unknown; readonly cursor?: unknown }>(body, "more");
  if (more !== true) return null;
  if (typeof cursor === "string" && cursor !== "") return cursor;
  throw new UnexpectedAnswer("the edge's answer has more pages and no `cursor`");
}

function switchPath(scope: string, name: string): string {
  return `/v1/switches/${scope}/${encodeURIComponent(name)}`;
}

function setPath(name: string): string {
  return `/v1/sets/${encodeURIComponent(name)}`;
}

function approvalPath(id: string): string {
  return `/v1/approvals/${encodeURIComponent(id)}`;
}
