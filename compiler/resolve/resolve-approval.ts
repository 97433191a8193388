/** Approvals: who decides, how many of them, how long it may take. */
import { assertNever } from "../assert-never.ts";
import type {
  ApprovalDeclaration,
  ApprovalSetting,
  DurationLiteral,
  Name,
  NumberLiteral,
  Span,
} from "../../dsl/index.ts";
import type { Approval } from "../../engine/index.ts";
import type { Placed } from "../program.ts";
import type { Report } from "../report.ts";
import { type Context, lookupAll } from "./context.ts";
import { readCount } from "./read-count.ts";
import { readWindow } from "./read-window.ts";
import { refuseTwice } from "./refuse-twice.ts";
import { resolveEscalation } from "./resolve-escalation.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Where an approval says nothing: one person decides within a day, and it is used within 15 minutes. */
const DEFAULTS = {
  approvers: [] as readonly string[],
  requester: false,
  quorum: 1,
  tell: [] as readonly string[],
  within: DAY,
  use_within: 15 * MINUTE,
  reason_required: false,
  excluding_owners: false,
  escalate: [] as Approval["escalate"],
  reuse: null as Approval["reuse"],
  fatigue: null as Approval["fatigue"],
  decoys: null as Approval["decoys"],
};

/** The approval, with what it doesn't say filled in. */
export function resolveApproval(context: Context, node: ApprovalDeclaration): Placed<Approval> {
  const seen = new Map<string, Span>();
  let settings = DEFAULTS;
  for (const setting of node.settings) {
    const first = setting.kind === "Escalate" ? undefined : seen.get(setting.kind);
    if (first) refuseTwice(setting, first, context.report);
    else settings = { ...settings, ...read(context, setting) };
    seen.set(setting.kind, first ?? setting.span);
  }
  const escalate = resolveEscalation(context, node, settings.within);
  if (!seen.has("Approvers")) {
    context.report.error("AP5020", {
      span: node.name.span,
      message: `approval \`${node.name.value}\` has no approvers`,
      label: "nobody can decide",
      help: "add `approvers GROUP`, or `approvers requester`",
    });
  }
  return { row: { name: node.name.value, ...settings, escalate, doc: node.doc }, span: node.name.span };
}

function read(context: Context, setting: ApprovalSetting): Partial<typeof DEFAULTS> {
  const { report } = context;
  switch (setting.kind) {
    case "Approvers": {
      const groups = setting.groups.filter((name) => !isRequester(name));
      return { approvers: lookupAll(context, "group", groups), requester: setting.groups.some(isRequester) };
    }
    case "Quorum":
      return { quorum: readQuorum(setting.number, report) };
    case "Tell":
      return { tell: lookupAll(context, "channel", setting.channels) };
    case "Within":
      return { within: atMost(setting.duration, 7 * DAY, report) };
    case "UseWithin":
      return { use_within: atMost(setting.duration, 7 * DAY, report) };
    case "ReasonRequired":
      return { reason_required: true };
    case "ExcludingOwners":
      return { excluding_owners: true };
    case "Escalate":
      return {};
    case "Reuse":
      return { reuse: readReuse(setting, report) };
    case "Fatigue":
      return { fatigue: readFatigue(setting, report) };
    case "Decoys":
      return { decoys: readDecoys(setting, report) };
    default:
      return assertNever(setting);
  }
}

function isRequester(name: Name): boolean {
  return name.value === "requester";
}

/** Whether its arguments may vary is judged when it is known which actions ask for it. */
function readReuse(setting: ApprovalSetting & { kind: "Reuse" }, report: Report): Approval["reuse"] {
  const n = readCount(setting.number, { least: 1, what: "how many later requests may run under it" }, report);
  const within = readWindow(setting.in, "reuse", report);
  const varying = [...new Set(setting.varying.map((name) => name.value))].toSorted();
  return n === null || within === null ? null : { n, within, varying };
}

function readFatigue(setting: ApprovalSetting & { kind: "Fatigue" }, report: Report): Approval["fatigue"] {
  const n = readCount(setting.number, { least: 1, what: "how many approvals one person may give" }, report);
  const within = readWindow(setting.in, "fatigue", report);
  return n === null || within === null ? null : { n, within };
}

/** "1 in N": were every request that people see a decoy, none could be approved. */
function readDecoys(setting: ApprovalSetting & { kind: "Decoys" }, report: Report): number | null {
  const one = setting.number.text === "1";
  if (!one) {
    report.error("AP5110", {
      span: setting.number.span,
      message: `\`${setting.number.text}\` makes no sense here`,
      label: null,
      help: "write `decoys 1 in N`: one request in so many",
    });
  }
  const n = readCount(setting.in, { least: 2, what: "among how many requests one is a decoy" }, report);
  return one ? n : null;
}

function readQuorum(number: NumberLiteral, report: Report): number {
  const quorum = Number(number.text);
  if (Number.isSafeInteger(quorum) && quorum >= 1 && quorum <= 100) return quorum;
  report.error("AP5021", {
    span: number.span,
    message: `a quorum can't be \`${number.text}\``,
    help: "write how many people must approve: a whole number from 1",
  });
  return 1;
}

function atMost(duration: DurationLiteral, most: number, report: Report): number {
  const { milliseconds } = duration;
  if (milliseconds > 0 && milliseconds <= most) return milliseconds;
  report.error("AP5022", {
    span: duration.span,
    message: milliseconds === 0 ? "no time is left for it" : `\`${duration.text}\` is longer than an approval may wait`,
    help: "write at most `7d`",
  });
  return most;
}
