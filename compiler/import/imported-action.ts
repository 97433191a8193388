/** One tool or operation on its way into a policy. */
import type { Parameter } from "../../dsl/index.ts";
import type { Proposal } from "./propose-classes.ts";

export interface ImportedAction {
  /** What its source calls it: an action is found again by this. */
  readonly key: string;
  /** Behind the prefix: `create_refund`. */
  readonly name: string;
  /** `tool "…"`, where the name doesn't say it. */
  readonly tool: string | null;
  readonly description: string | null;
  readonly params: readonly Parameter[];
  readonly open: boolean;
  /** What of the schema the parameters don't say. */
  readonly notes: readonly string[];
  readonly proposal: Proposal;
  /** Template of its resource. */
  readonly resource: string;
  /** Of the tool, as a gateway states it; null where there is no tool. */
  readonly digest: string | null;
}

export interface ImportedActions {
  /** First segment of every action's name; a plain name. */
  readonly prefix: string;
  /** What the actions come from, as people know it. */
  readonly source: string;
  readonly actions: readonly ImportedAction[];
  /** The `server` line to keep beside them; null without. */
  readonly server: ImportedServer | null;
}

export interface ImportedServer {
  /** Null keeps what the policy says. */
  readonly url: string | null;
  /** The catalogue's file, from the policy's own folder. */
  readonly tools: string;
  readonly sha256: string;
  /** The catalogue that stood in the file before, with its own hash; null where there was none. */
  readonly before: ImportedCatalogue | null;
}

export interface ImportedCatalogue {
  readonly sha256: string;
  readonly actions: readonly ImportedAction[];
}
