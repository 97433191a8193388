/** In which ways one approval asks for less than another. */
import type { Approval, Group, Table } from "../../../engine/index.ts";
import { durationText } from "../../terminal/duration-text.ts";
import type { Direction } from "./policy-diff.ts";
import { comparePeople } from "./people.ts";

export interface ApprovalChange {
  readonly direction: Direction;
  readonly change: string;
}

export function approvalChanges(before: Approval, after: Approval, tables: Tables): readonly ApprovalChange[] {
  return [
    ...number("quorum", before.quorum, after.quorum, "less is looser"),
    ...duration("within", before.within, after.within),
    ...duration("use within", before.use_within, after.use_within),
    ...flag("reason required", before.reason_required, after.reason_required, "strict"),
    ...flag("excluding owners", before.excluding_owners, after.excluding_owners, "strict"),
    ...flag("approvers requester", before.requester, after.requester, "loose"),
    ...approvers(before, after, tables),
    ...other("escalate", before.escalate, after.escalate, before.escalate.length === 0, after.escalate.length === 0),
    ...escalated(before, after, tables),
    ...other("reuse", before.reuse, after.reuse, before.reuse === null, after.reuse === null),
    ...other(
      "fatigue",
      before.fatigue,
      after.fatigue,
      after.fatigue !== null && before.fatigue === null ? false : before.fatigue === null,
      after.fatigue === null,
      "strict",
    ),
    ...other("decoys", before.decoys, after.decoys, before.decoys === null, after.decoys === null, "strict"),
  ];
}

export interface Tables {
  readonly before: Table;
  readonly after: Table;
  /** New names of roles to old ones. */
  readonly roles: ReadonlyMap<string, string>;
}

function number(name: string, before: number, after: number, _rule: "less is looser"): readonly ApprovalChange[] {
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

function approvers(before: Approval, after: Approval, tables: Tables): readonly ApprovalChange[] {
  const order = comparePeople(groups(before.approvers, tables.before), groups(after.approvers, tables.after));
  return order.map((direction) => ({
    direction,
    change: direction === "looser" ? "more people may approve" : "fewer people may approve",
  }));
}

/** Under the same names others may decide late; where the names changed, that is told by itself. */
function escalated(before: Approval, after: Approval, tables: Tables): readonly ApprovalChange[] {
  if (JSON.stringify(before.escalate) !== JSON.stringify(after.escalate)) return [];
  const names = before.escalate.flatMap((one) => one.groups);
  return comparePeople(groups(names, tables.before), groups(names, tables.after)).map((direction) => ({
    direction,
    change: direction === "looser" ? "more people may approve later" : "fewer people may approve later",
  }));
}

export function groups(names: readonly string[], { body }: Table): readonly Group[] {
  return names.flatMap((name) => body.groups.find((group) => group.name === name) ?? []);
}

/** What has many parts: gained or lost it has a direction, otherwise changed it may be looser. */
function other(
  name: string,
  before: unknown,
  after: unknown,
  none: boolean,
  noneAfter: boolean,
  kind: "strict" | "loose" = "loose",
): readonly ApprovalChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const word = none ? "added" : noneAfter ? "dropped" : "changed";
  const looser = word === "changed" || (word === "added") === (kind === "loose");
  return [{ direction: looser ? "looser" : "stricter", change: `${name} ${word}` }];
}

/** Does the second ask for at least as much as the first, in every way? */
export function asksAsMuch(before: Approval, after: Approval, tables: Tables): boolean {
  return approvalChanges(before, after, tables).every(({ direction }) => direction === "stricter");
}
