/** In which ways one approval asks for less than another. */
import { durationText } from "../../../engine/index.ts";
import type { Approval, Table } from "../../../engine/index.ts";
import { approverChanges } from "./approver-changes.ts";
import type { Direction } from "./policy-diff.ts";
import { reuseChanges } from "./reuse-changes.ts";
import { compareTold } from "./told-channels.ts";

export interface ApprovalChange {
  readonly direction: Direction;
  readonly change: string;
}

export function approvalChanges(before: Approval, after: Approval, tables: Tables): readonly ApprovalChange[] {
  return [
    ...number("quorum", before.quorum, after.quorum),
    ...duration("within", before.within, after.within),
    ...duration("use within", before.use_within, after.use_within),
    ...flag("reason required", before.reason_required, after.reason_required, "strict"),
    ...flag("excluding owners", before.excluding_owners, after.excluding_owners, "strict"),
    ...flag("approvers requester", before.requester, after.requester, "loose"),
    ...approverChanges(before, after, tables),
    ...reuseChanges(before.reuse, after.reuse),
    ...fatigue(before, after),
    ...decoys(before.decoys, after.decoys),
    ...tell(before, after, tables),
  ];
}

export interface Tables {
  readonly before: Table;
  readonly after: Table;
  /** New names of roles to old ones. */
  readonly roles: ReadonlyMap<string, string>;
}

export function swapped({ before, after, roles }: Tables): Tables {
  return { before: after, after: before, roles };
}

/** Fewer who have to agree is looser. */
function number(name: string, before: number, after: number): readonly ApprovalChange[] {
  if (before === after) return [];
  return [{ direction: after < before ? "looser" : "stricter", change: `${name} ${before} → ${after}` }];
}

/** More time for people is looser: a question that stays open can be answered yes. */
function duration(name: string, before: number, after: number): readonly ApprovalChange[] {
  if (before === after) return [];
  const change = `${name} ${durationText(before)} → ${durationText(after)}`;
  return [{ direction: after > before ? "looser" : "stricter", change }];
}

function flag(name: string, before: boolean, after: boolean, kind: "strict" | "loose"): readonly ApprovalChange[] {
  if (before === after) return [];
  const looser = kind === "strict" ? before : after;
  return [{ direction: looser ? "looser" : "stricter", change: `${name} ${after ? "added" : "dropped"}` }];
}

/** At most N in D is as strict as before only with no more in no less time. */
function fatigue({ fatigue: before }: Approval, { fatigue: after }: Approval): readonly ApprovalChange[] {
  const text = (cap: Approval["fatigue"]): string =>
    cap === null ? "no end" : `${cap.n} in ${durationText(cap.within)}`;
  if (text(before) === text(after)) return [];
  const asStrict = before === null || (after !== null && after.n <= before.n && after.within >= before.within);
  return [{ direction: asStrict ? "stricter" : "looser", change: `fatigue ${text(before)} → ${text(after)}` }];
}

function decoys(before: number | null, after: number | null): readonly ApprovalChange[] {
  if (before === after) return [];
  const text = (one: number | null): string => (one === null ? "none" : `1 in ${one}`);
  const looser = after === null || (before !== null && after > before);
  return [{ direction: looser ? "looser" : "stricter", change: `decoys ${text(before)} → ${text(after)}` }];
}

function tell(before: Approval, after: Approval, tables: Tables): readonly ApprovalChange[] {
  const { gone, come } = compareTold(
    { names: before.tell, table: tables.before },
    { names: after.tell, table: tables.after },
  );
  return [
    ...gone.map((name) => ({ direction: "looser" as const, change: `doesn't tell \`${name}\` any more` })),
    ...come.map((name) => ({ direction: "stricter" as const, change: `tells \`${name}\` too` })),
  ];
}

/** Does the second ask for at least as much as the first, in every way? */
export function asksAsMuch(before: Approval, after: Approval, tables: Tables): boolean {
  return approvalChanges(before, after, tables).every(({ direction }) => direction === "stricter");
}
