/** `escalate GROUPS after D`: who may decide too when nobody has for a while. */
import type { ApprovalDeclaration, ApprovalSetting } from "../../dsl/index.ts";
import type { Escalation } from "../../engine/index.ts";
import { type Context, lookupAll } from "./context.ts";
import { spellDuration } from "./resolve-settings.ts";

type EscalateSetting = ApprovalSetting & { kind: "Escalate" };

/** Ascending by time, groups of one time joined. `within` is how long the approval waits, in milliseconds. */
export function resolveEscalation(context: Context, node: ApprovalDeclaration, within: number): readonly Escalation[] {
  const byTime = new Map<number, readonly string[]>();
  for (const setting of node.settings) {
    if (setting.kind !== "Escalate") continue;
    const groups = lookupAll(context, "group", setting.groups);
    const after = setting.after.milliseconds;
    if (!comesInTime(context, setting, within) || groups.length === 0) continue;
    byTime.set(after, [...(byTime.get(after) ?? []), ...groups]);
  }
  return [...byTime]
    .map(([after, groups]) => ({ groups: [...new Set(groups)].toSorted(), after }))
    .toSorted((a, b) => a.after - b.after);
}

function comesInTime({ report }: Context, { after }: EscalateSetting, within: number): boolean {
  if (after.milliseconds > 0 && after.milliseconds < within) return true;
  report.error("AP5118", {
    span: after.span,
    message:
      after.milliseconds === 0
        ? "these groups would be asked at once"
        : `after \`${after.text}\` there is nothing left to decide`,
    label: `the approval waits \`${spellDuration(within)}\``,
    help:
      after.milliseconds === 0 ? "name them under `approvers`" : "write a shorter time, or a longer one for `within`",
  });
  return false;
}
