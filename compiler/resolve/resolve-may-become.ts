/** `may become ROLE via APPROVAL for DURATION`: roles that it gains for a time, where a person says so. */
import type { AgentDeclaration, AgentItem, Span } from "../../dsl/index.ts";
import type { MayBecome } from "../../engine/index.ts";
import { compareText } from "../sorted-set.ts";
import { type Context, lookup } from "./context.ts";

const HOUR = 3_600_000;
const SECOND = 1000;

type MayBecomeItem = AgentItem & { kind: "MayBecome" };

/** Sorted by role; what is wrong is left out, with its message. */
export function resolveMayBecome(
  context: Context,
  node: AgentDeclaration,
  roles: readonly string[],
): readonly MayBecome[] {
  const items = node.items.filter((item) => item.kind === "MayBecome");
  const once = new Map<string, MayBecomeItem>();
  for (const item of items) {
    const first = once.get(item.role.value);
    if (first) refuseTwice(context, item, first.span);
    else once.set(item.role.value, item);
  }
  return [...once.values()]
    .map((item) => resolveItem(context, item, roles))
    .filter((row) => row !== null)
    .toSorted((a, b) => compareText(a.role, b.role));
}

function resolveItem(context: Context, item: MayBecomeItem, roles: readonly string[]): MayBecome | null {
  const role = lookup(context, "role", item.role);
  const via = lookup(context, "approval", item.via);
  const { milliseconds } = item.duration;
  const sound = milliseconds >= SECOND && milliseconds <= 24 * HOUR;
  if (!sound) {
    context.report.error("AP5115", {
      span: item.duration.span,
      message: `a role can't be gained for \`${item.duration.text}\``,
      label: milliseconds > 0 ? "longer than a session lives" : "no time at all",
      help: "write at least `1s` and at most `24h`",
    });
  }
  if (role !== null && roles.includes(item.role.value)) return refuseOwn(context, item);
  if (role === null || via === null || !sound) return null;
  return { role: item.role.value, via: item.via.value, duration: milliseconds };
}

function refuseOwn({ report }: Context, { role }: MayBecomeItem): null {
  report.error("AP5116", {
    span: role.span,
    message: `the agent has the role \`${role.value}\` already`,
    label: "nothing would be gained",
    help: "remove it here, or from `roles` so that it is only gained",
  });
  return null;
}

function refuseTwice({ report }: Context, item: MayBecomeItem, first: Span): void {
  report.error("AP2006", {
    span: item.span,
    message: `role \`${item.role.value}\` may be gained twice`,
    label: "again here",
    related: [{ span: first, label: "first here" }],
    help: "keep one of them",
  });
}
