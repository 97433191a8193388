/** AP4016: an agent's review is due within 30 days, or overdue. */
import type { CheckContext } from "./check.ts";

const DAY = 86_400_000;
const NOTICE = 30;

export function checkDueReview({ program, names, today, report }: CheckContext): void {
  if (today === null) return;
  for (const { row: agent, span } of program.agents) {
    const days = Math.floor((agent.review_by - 1 - today) / DAY);
    if (days > NOTICE) continue;
    const item = names.by.agent.get(agent.name)?.items.find((candidate) => candidate.kind === "ReviewBy");
    report.warning("AP4016", {
      span: item?.span ?? span,
      message:
        days < 0
          ? `the review of \`${agent.name}\` is overdue: all its requests are denied`
          : `\`${agent.name}\` is denied everything after this day`,
      label: days < 0 ? "in the past" : days === 0 ? "today" : `in ${days} ${days === 1 ? "day" : "days"}`,
      help: "review what it may do, then write the next date",
    });
  }
}
