/** What a step of a test expects, and whether what stands before the step lets it come. */
import type { CallStep, Expectation, Name } from "../../dsl/index.ts";
import { REASONS } from "../../engine/index.ts";
import { nearestName } from "../nearest-name.ts";
import type { ResolvedExpectation } from "../program.ts";
import { isInvented, replaceWith, type Report } from "../report.ts";
import { type Context, lookupAll } from "./context.ts";

const OUTCOMES: readonly string[] = ["allow", "notify", "ask", "never"];
const KNOWN = [...OUTCOMES, ...REASONS.filter((reason) => reason !== "rule")];

/** Words that people write for an outcome, and the one that says it here. */
const FOREIGN: { readonly [word: string]: string } = {
  deny: "never",
  denied: "never",
  forbidden: "never",
  allowed: "allow",
  permit: "allow",
  ok: "allow",
  approval: "ask",
  unknown: "unknown_fact",
  limit: "limit_exceeded",
  limited: "limit_exceeded",
  rate_limited: "limit_exceeded",
  expired: "approval_expired",
  refused: "approval_denied",
};

export function resolveExpectation(context: Context, node: Expectation): ResolvedExpectation | null {
  const { outcome, via, span } = node;
  const approvals = lookupAll(context, "approval", via);
  if (isInvented(outcome)) return null;
  if (!KNOWN.includes(outcome.value)) {
    refuseOutcome(outcome, context.report);
    return null;
  }
  if (via.length > 0 && outcome.value !== "ask") {
    context.report.error("AP3101", {
      span: via[0]?.span ?? span,
      message: `\`${outcome.value}\` needs no approval`,
      label: "asks nobody",
      help: "remove `via`, or expect `ask`",
    });
    return null;
  }
  return { span, outcome: outcome.value, via: approvals };
}

function refuseOutcome(outcome: Name, report: Report): void {
  const foreign = FOREIGN[outcome.value];
  const near = foreign ?? nearestName(outcome.value, KNOWN);
  const help =
    near === "never"
      ? "write `never` where a `never` rule denies it, else the reason: `no_rule`, `limit_exceeded`, …"
      : near === null
        ? "expect `allow`, `notify`, `ask`, `never`, or a reason such as `no_rule` or `limit_exceeded`"
        : `did you mean \`${near}\`?`;
  const message = `there is no outcome \`${outcome.value}\``;
  const fix = near === null || near === "never" ? null : replaceWith(outcome.span, near);
  report.error("AP3100", { span: outcome.span, message, label: "unknown name", help, fix });
}

/** Always null: an outcome that this kind of step never has. */
export function refuseOutcomeOf({ span, outcome }: ResolvedExpectation, why: string, report: Report): null {
  report.error("AP2155", {
    span,
    message: `\`${outcome}\` can't come here: ${why}`,
    label: "never met",
    help: "expect `allow`, or the reason for which it is refused",
  });
  return null;
}

/** Says so where the words before a call and the outcome behind it can't both be. */
export function checkAnswer(
  { answer, failed, expectation }: Pick<CallStep, "answer" | "failed" | "expectation">,
  { outcome }: ResolvedExpectation,
  report: Report,
): boolean {
  const clash = clashOf(answer, failed, outcome);
  if (clash === null) return true;
  report.error("AP2156", {
    span: expectation.span,
    message: clash.message,
    label: "never met",
    help: clash.help,
  });
  return false;
}

function clashOf(
  answer: CallStep["answer"],
  failed: boolean,
  outcome: string,
): { readonly message: string; readonly help: string } | null {
  if (failed && outcome !== "allow" && outcome !== "notify") {
    const message = `what isn't admitted can't fail, so \`failed\` and \`${outcome}\` don't go together`;
    return { message, help: "remove `failed`, or expect `allow`" };
  }
  if (outcome !== "ask" || answer === null || answer === "approved") return null;
  const [means, comes] =
    answer === "denied" ? ["a person refuses it", "approval_denied"] : ["nobody decides in time", "approval_expired"];
  const message = `\`${answer}\` says that ${means}, so it doesn't end with \`ask\``;
  return { message, help: `expect \`${comes}\`, or remove \`${answer}\`` };
}
