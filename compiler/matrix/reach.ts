/** What an agent can have beyond its own roles: other agents below its sessions, and roles for a time. */
import { durationText } from "../../engine/index.ts";
import type { MayBecome, MayCall, Selector } from "../../engine/index.ts";
import { spell } from "../report.ts";
import type { Matrix, MatrixAgent } from "./matrix.ts";
import type { CellDoubt } from "./cell.ts";
import type { CellOutcome } from "./outcome.ts";

/** In sessions of `agent` below its own, what `for` selects counts as granted to the caller. */
export interface MatrixCall {
  readonly agent: string;
  /** As the policy writes them: `email.send`, `crm.*`, `read`, `*`. */
  readonly for: readonly string[];
}

export interface MatrixBecoming {
  readonly role: string;
  /** Name of an approval. */
  readonly via: string;
  /** `1h` */
  readonly duration: string;
  /** Actions with other outcomes than before, while it has the role. */
  readonly gains: readonly MatrixGain[];
  /** Ids of the role's rules and limits. */
  readonly rules: readonly string[];
}

export interface MatrixGain {
  readonly action: string;
  readonly outcomes: readonly CellOutcome[];
  /** Null where these are all there are. */
  readonly doubt: CellDoubt | null;
}

export function matrixCall({ agent, select }: MayCall): MatrixCall {
  return { agent, for: select.map(selectorText) };
}

export function becomingText({ role, via, duration }: Pick<MatrixBecoming, "role" | "via" | "duration">): string {
  return `may become ${role} via ${via} for ${duration}`;
}

export function callText({ agent, for: select }: MatrixCall): string {
  return `may call ${agent} for ${select.join(", ")}`;
}

export function durationOf({ duration }: MayBecome): string {
  return durationText(duration);
}

export function reachesFurther({ may_call, may_become }: MatrixAgent): boolean {
  return may_call.length > 0 || may_become.length > 0;
}

export function anyReachesFurther({ agents }: Matrix): boolean {
  return agents.some(reachesFurther);
}

function selectorText(selector: Selector): string {
  switch (selector.kind) {
    case "any":
      return "*";
    case "prefix":
      return `${spell(selector.prefix)}.*`;
    case "action":
    case "class":
      return spell(selector.name);
  }
}
