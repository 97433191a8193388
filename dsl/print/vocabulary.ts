/** The policy block, and what rules refer to: labels, sets, schedules, groups, channels, approvals. */
import type {
  ApprovalDeclaration,
  ApprovalSetting,
  ChannelDeclaration,
  ClassDeclaration,
  Declaration,
  GroupDeclaration,
  LabelDeclaration,
  LiveSetDeclaration,
  Node,
  PolicyDeclaration,
  PolicySetting,
  ScheduleDeclaration,
  ScheduleSlot,
  SetDeclaration,
} from "../ast.ts";
import { assertNever } from "../assert-never.ts";
import { printExpression } from "./expression.ts";
import { closing, columns, type Context, type Row, row, widest } from "./row.ts";
import { printName, printNames, printText } from "./word.ts";

export function policyRows(policy: PolicyDeclaration): Row[] {
  const rows = policy.settings.map((setting) => columns("setting", policyCells(setting), setting.span));
  return braces(`policy ${printText(policy.name)}`, policy.name, rows, policy);
}

/** `HEAD { … }`; the head ends where `last` does, and comments behind that are inside. */
export function braces(head: string, last: Node, rows: readonly Row[], declaration: Declaration): Row[] {
  const open = row(`${head} {`, { start: declaration.span.start, end: last.span.end });
  return [open, ...rows, closing("}", declaration.span)];
}

function policyCells(setting: PolicySetting): string[] {
  const word = setting.kind.toLowerCase();
  switch (setting.kind) {
    case "Environments":
      return [word, printNames(setting.names)];
    case "Session":
      return [
        word,
        timed([
          ["lifetime", setting.lifetime?.text],
          ["idle", setting.idle?.text],
        ]),
      ];
    case "Lease":
    case "Retain":
      return [word, setting.duration.text];
    case "Region":
      return [word, printName(setting.name)];
    case "People":
    case "Requesters":
      return [word, `oidc ${printText(setting.issuer)} audience ${printText(setting.audience)}`];
    case "Operators":
    case "Auditors":
    case "Deployers":
      return [word, printNames(setting.groups)];
    default:
      return assertNever(setting);
  }
}

function timed(parts: readonly (readonly [string, string | undefined])[]): string {
  return parts.flatMap(([word, text]) => (text === undefined ? [] : [`${word} ${text}`])).join(" ");
}

export function labelRows(label: LabelDeclaration): Row[] {
  const items = label.labels.map(({ name, is }) => printName(name) + (is === null ? "" : ` is ${printName(is)}`));
  return [row(`label ${items.join(", ")}`, label.span)];
}

export function setRows(set: SetDeclaration, context: Context): Row[] {
  return listRows(
    ["set " + printName(set.name), "="],
    set.members.map((member) => [printExpression(member), member]),
    set,
    context,
  );
}

export function liveSetRows(set: LiveSetDeclaration): Row[] {
  return [columns("live set", [`live set ${printName(set.name)}`, `editors ${printNames(set.editors)}`], set.span, 0)];
}

export function groupRows(group: GroupDeclaration, context: Context): Row[] {
  const head = `group ${printName(group.name)}`;
  if (group.claim !== null) {
    const claim = `= claim ${printText(group.claim.name)} ${printText(group.claim.value)}`;
    return [columns("group", [head, claim], group.span, 0)];
  }
  const members = (group.members ?? []).map((member): [string, Node] => [printText(member), member]);
  return listRows([head, "="], members, group, context);
}

/** `HEAD = [a, b]`, one to a line where that is too wide or commented on. */
function listRows(
  [head, sign]: readonly [string, string],
  items: readonly (readonly [string, Node])[],
  declaration: SetDeclaration | GroupDeclaration,
  context: Context,
): Row[] {
  const inline = `${sign} [${items.map(([text]) => text).join(", ")}]`;
  const wide = head.length + 1 + inline.length > widest;
  if (items.length === 0 || (!wide && !context.hasComment({ ...declaration.span, start: declaration.name.span.end }))) {
    return [columns(declaration.kind.toLowerCase(), [head, inline], declaration.span, 0)];
  }
  const rows = items.map(([text, node], index) => row(text + (index < items.length - 1 ? "," : ""), node.span, 1));
  const open = row(`${head} ${sign} [`, { start: declaration.span.start, end: declaration.name.span.end });
  return [open, ...rows, closing("]", declaration.span)];
}

export function scheduleRows(schedule: ScheduleDeclaration): Row[] {
  const slots = `${schedule.slots.map(printSlot).join(", ")} ${printText(schedule.zone)}`;
  return [columns("schedule", [`schedule ${printName(schedule.name)}`, `= ${slots}`], schedule.span, 0)];
}

function printSlot({ days, from, to }: ScheduleSlot): string {
  const named = days.map(({ first, last }) => (first === last ? first : `${first}-${last}`));
  return `${named.join(", ")} ${printClock(from)}-${printClock(to)}`;
}

function printClock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

export function channelRows({ name, medium, address, secret, span }: ChannelDeclaration): Row[] {
  const where =
    (address === null ? "" : ` ${printText(address)}`) + (secret === null ? "" : ` secret ${printText(secret)}`);
  return [columns("channel", [`channel ${printName(name)}`, `= ${printName(medium)}${where}`], span, 0)];
}

export function classRows(declaration: ClassDeclaration): Row[] {
  return [row(`class ${printNames(declaration.names)}`, declaration.span)];
}

export function approvalRows(approval: ApprovalDeclaration): Row[] {
  const rows = approval.settings.map((setting) => columns("setting", approvalCells(setting), setting.span));
  return braces(`approval ${printName(approval.name)}`, approval.name, rows, approval);
}

function approvalCells(setting: ApprovalSetting): string[] {
  switch (setting.kind) {
    case "Approvers":
      return ["approvers", printNames(setting.groups)];
    case "Quorum":
      return ["quorum", setting.number.text];
    case "Tell":
      return ["tell", printNames(setting.channels)];
    case "Within":
      return ["within", setting.duration.text];
    case "Escalate":
      return ["escalate", `${printNames(setting.groups)} after ${setting.after.text}`];
    case "ReasonRequired":
      return ["reason", "required"];
    case "ExcludingOwners":
      return ["excluding", "owners"];
    case "UseWithin":
      return ["use", `within ${setting.duration.text}`];
    case "Reuse":
      return ["reuse", reuse(setting)];
    case "Fatigue":
      return ["fatigue", `${setting.number.text} in ${setting.in.text}`];
    case "Decoys":
      return ["decoys", `${setting.number.text} in ${setting.in.text}`];
    default:
      return assertNever(setting);
  }
}

function reuse({ number, in: window, varying }: Extract<ApprovalSetting, { kind: "Reuse" }>): string {
  return `${number.text} in ${window.text}` + (varying.length > 0 ? ` varying (${printNames(varying)})` : "");
}
