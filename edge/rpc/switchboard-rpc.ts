/** The face of `SwitchboardObject`. */
import type { WireSwitch } from "../../sdk/index.ts";
import type { Lease } from "./agent-rpc.ts";
import type { PersonRef, Refusal } from "./caller.ts";
import type { RecordsInput, RecordsOutput } from "./session-rpc.ts";
import type { EditSetInput, GrantedSet, SetView } from "./live-set-rpc.ts";

/** One object, named `switchboard`. */
export interface SwitchboardRpc {
  /** `forbidden` without a reason. Answers after the commit and the first round of pushes. */
  flip(input: FlipInput): Promise<FlipOutput | Refusal>;
  /** Lifts the switch with this id, or with null every one that is flipped for the name. `not_found` when there is none. */
  lift(input: FlipInput & { readonly id: string | null }): Promise<FlipOutput | Refusal>;
  /** Newest first, a page at once. */
  switches(input: { readonly sequence: number } & SwitchesAsked): Promise<SwitchPage | Refusal>;
  /** What every switch that is flipped now is for. */
  flipped(input: {
    readonly sequence: number;
  }): Promise<{ readonly flipped: readonly Pick<WireSwitch, "scope" | "name">[] } | Refusal>;
  /** The highest number that any Worker had, also for one that is older: a deploy takes one more. */
  newestSequence(): Promise<{ readonly sequence: number }>;
  /** From each Worker that begins: recorded where it is news. */
  learnDeployment(input: {
    readonly sequence: number;
    /** Hash of the table. */
    readonly policy: string;
  }): Promise<{ readonly learned: true } | Refusal>;
  /** Before a sink's dead letters are sent again: `forbidden` without a reason. */
  recordRequeue(input: RequeueInput): Promise<{ readonly recorded: true } | Refusal>;
  /** Of the Switchboard's own log. */
  records(input: RecordsInput): Promise<RecordsOutput | Refusal>;
  /** As a session's. */
  anchor(): Promise<{ readonly done: true }>;
  /** Agents with sessions, as far as leases tell. */
  agents(input: { readonly sequence: number }): Promise<{ readonly agents: readonly string[] } | Refusal>;
  /** From an agent's object. */
  grantLease(input: {
    readonly sequence: number;
    readonly agent: string;
    readonly lease: number;
    /** How many sessions of it live. */
    readonly live: number;
  }): Promise<GrantOutput>;
  /** `conflict` where the set would become too large. What is a member already, or isn't one, is passed over. */
  editSet(input: EditSetInput): Promise<SetView | Refusal>;
  /** A set that was never edited is empty. */
  readSet(input: {
    readonly sequence: number;
    readonly name: string;
    readonly history: boolean;
  }): Promise<SetView | Refusal>;
  /** From an agent's object. */
  grantSet(input: { readonly sequence: number; readonly name: string; readonly lease: number }): Promise<GrantedSet>;
  /** From an agent's object: how far the switches of this epoch have got. */
  reportReach(input: { readonly agent: string } & Reach): Promise<{ readonly done: true }>;
}

export type SwitchScope = WireSwitch["scope"];

/** Scopes of more than one session. */
export type SharedScope = Exclude<SwitchScope, "session">;

export const SHARED_SCOPES = [
  "fleet",
  "agent",
  "role",
  "action",
  "class",
  "requester",
] as const satisfies readonly SharedScope[];
export const SWITCH_SCOPES: readonly SwitchScope[] = [...SHARED_SCOPES, "session"];

/** What Workers read from KV under `SWITCHES_KEY`, always present once the Switchboard was first used. */
export interface SwitchDocument {
  readonly epoch: number;
  readonly at: number;
  /** `fleet` has the name `*`. Session switches are not here. */
  readonly killed: readonly { readonly scope: SharedScope; readonly name: string }[];
}

export const SWITCHES_KEY = "switches";

export interface FlipInput {
  readonly sequence: number;
  readonly scope: SwitchScope;
  /** `*` for the fleet; a requester's in lower case. */
  readonly name: string;
  readonly reason: string;
  readonly by: PersonRef;
  /**
   * From an object of the edge: names what made it flip, so that it is flipped once however often it is sent. While its
   * author has one flipped for the name already, that one is it.
   */
  readonly once?: string;
}

export interface RequeueInput {
  readonly sequence: number;
  readonly sink: string;
  /** Dead letters that it has. */
  readonly records: number;
  readonly reason: string;
  readonly by: PersonRef;
}

export interface FlipOutput {
  /** The newest of those concerned. */
  readonly switch: WireSwitch;
  /** From which on sessions have heard of it. */
  readonly epoch: number;
  readonly sessions_reached: number;
  readonly sessions_pending: number;
}

export interface SwitchesAsked {
  /** Whether those that were lifted are asked for, too. */
  readonly history: boolean;
  /** `cursor` of the page before. */
  readonly after?: number;
  /** Those of one name alone. */
  readonly of?: Pick<WireSwitch, "scope" | "name">;
}

export interface SwitchPage {
  readonly switches: readonly SwitchView[];
  /** Null on the last page. Absent from an object of an earlier version, which has one page. */
  readonly cursor?: number | null;
}

export interface SwitchView extends WireSwitch {
  readonly sessions_reached: number;
  readonly sessions_pending: number;
}

/** A switch as far as objects need it: to refuse, to record and to say why. */
export interface SwitchRef {
  readonly id: string;
  readonly scope: SwitchScope;
  readonly name: string;
  readonly reason: string;
  readonly by: string;
}

/** Every switch that is flipped now on one side: the whole list, so that the newest epoch alone decides. */
export interface SwitchNotice {
  /** `session`: those of the session itself; `agent`: all others, but of agents only its own. */
  readonly side: "session" | "agent";
  readonly epoch: number;
  readonly switches: readonly SwitchRef[];
}

/** For one session of a tree. */
export interface LearnInput extends SwitchNotice {
  /** Which is told; absent: the root. */
  readonly session?: string;
  /** Whose object tells it; with `side` `agent` and a session below another. */
  readonly agent?: string;
}

export interface LearnOutput {
  readonly learned: true;
  /** False where no session was ever opened under this name, or it has ended. */
  readonly live: boolean;
}

export interface Reach {
  readonly epoch: number;
  readonly reached: number;
  readonly pending: number;
  /** Of these, those that work for each requester who is killed. Absent from an object of an earlier version. */
  readonly requesters?: readonly RequesterReach[];
}

export interface RequesterReach {
  /** As the switch has it. */
  readonly name: string;
  readonly reached: number;
  readonly pending: number;
}

export interface ReachOutput extends Reach {
  readonly learned: true;
}

export interface GrantOutput {
  readonly notice: SwitchNotice;
  /** Null when the agent or the fleet is killed; what is killed besides stops some of its requests only. */
  readonly lease: Lease | null;
  readonly sequence: number;
  /** Session switches that their session hasn't confirmed yet. */
  readonly sessions: readonly { readonly session: string; readonly notice: SwitchNotice }[];
}
