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
import { refuseUnsupported } from "../unsupported/refuse-unsupported.ts";
import { type Context, lookupAll } from "./context.ts";

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
    const first = seen.get(setting.kind);
    if (first) refuseTwice(setting, first, context.report);
    else settings = { ...settings, ...read(context, setting) };
    seen.set(setting.kind, first ?? setting.span);
  }
  if (!seen.has("Approvers")) {
    context.report.error("AP5020", {
      span: node.name.span,
      message: `approval \`${node.name.value}\` has no approvers`,
      label: "nobody can decide",
      help: "add `approvers GROUP`, or `approvers requester`",
    });
  }
  return { row: { name: node.name.value, ...settings, doc: node.doc }, span: node.name.span };
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
      return unsupported("escalate", setting.span, report);
    case "Reuse":
      return unsupported("reuse", setting.span, report);
    case "Fatigue":
      return unsupported("fatigue", setting.span, report);
    case "Decoys":
      return unsupported("decoys", setting.span, report);
    default:
      return assertNever(setting);
  }
}

function isRequester(name: Name): boolean {
  return name.value === "requester";
}

function unsupported(kind: "escalate" | "reuse" | "fatigue" | "decoys", span: Span, report: Report): object {
  refuseUnsupported(kind, span, report);
  return {};
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

function refuseTwice(setting: ApprovalSetting, first: Span, report: Report): void {
  report.error("AP2006", {
    span: setting.span,
    message: "this setting stands twice",
    label: "again here",
    related: [{ span: first, label: "first here" }],
    help: "keep one of them",
  });
}
