/** What becomes of a question: what the test says that people do with it, as the edge would carry it out. */
import { durationText } from "../../engine/index.ts";
import type { Approval, Decision } from "../../engine/index.ts";
import type { Answer } from "../program.ts";
import type { People, Subject } from "./people.ts";
import { approvalsOf, refusal, type World } from "./test-world.ts";

export interface Asked {
  /** The decision that asks. */
  readonly question: Decision;
  readonly answer: Answer | null;
  readonly subject: Subject;
  /** Decides again with every approval given; called only where they were. */
  readonly admit: () => Decision;
}

/** The decision that the agent hears in the end. May move the clock on: waiting takes time. */
export function askPeople(world: World, people: People, { question, answer, subject, admit }: Asked): Decision {
  if (people.hasRefused(subject))
    return refusal(
      "approval_denied",
      "a person refused this very request before, and in this session it stays refused",
    );
  const approvals = approvalsOf(world, question.approvals);
  switch (answer) {
    case null:
      return question;
    case "approved":
      return nobodyCan(world, approvals) ?? admit();
    case "denied":
      people.refuse(subject);
      return refusal("approval_denied", `a person refused ${quoted(question.approvals)}`);
    case "expired": {
      const within = Math.min(...approvals.map((approval) => approval.within));
      world.now += within;
      return refusal("approval_expired", `nobody decided ${quoted(question.approvals)} within ${durationText(within)}`);
    }
  }
}

/** An approval that only the requester gives can't be given where there is none. */
function nobodyCan(world: World, approvals: readonly Approval[]): Decision | null {
  const lonely = approvals.find(({ approvers, requester }) => requester && approvers.length === 0);
  if (lonely === undefined || world.test.requester !== null) return null;
  return refusal(
    "approval_expired",
    `only the requester can give \`${lonely.name}\`, and this test's session has none: write \`agent ${world.test.agent} for "name@example.com"\``,
  );
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(" and ");
}
