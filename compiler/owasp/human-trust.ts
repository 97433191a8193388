/** ASI09: people who are asked, and may be worn down or fooled. */
import type { Approval, Need } from "../../engine/index.ts";
import { type Assessment, declaration, evidenceOf, gap, measure, type PolicyView } from "./policy-view.ts";

export function assessHumanTrust(view: PolicyView): Assessment {
  const { approvals } = view.table.body;
  const asks = view.rules.filter(({ row }) => row.tier === "ask");
  const needed = new Set([
    ...asks.flatMap(({ row }) => [...row.via]),
    ...view.limits.map(({ row }) => row.via),
    ...view.table.body.agents.flatMap((agent) => agent.may_become.map(({ via }) => via)),
  ]);
  const used = approvals.filter(({ name }) => needed.has(name));
  const of = (test: (approval: Approval) => boolean, says: (approval: Approval) => string, need: Need | null = null) =>
    used.filter(test).map((approval) => declaration(view, "approval", approval.name, says(approval), need));
  const untested = used.filter(({ fatigue, decoys }) => fatigue === null && decoys === null);
  const names = untested.map(({ name }) => `\`${name}\``);
  return {
    enforced: [
      ...measure("a person decides, and sees what exactly will be done", evidenceOf(view, asks)),
      ...measure(
        "more than one person decides",
        of(
          ({ quorum }) => quorum > 1,
          ({ quorum }) => ` quorum ${quorum}`,
        ),
      ),
      ...measure(
        "who approves says why",
        of(
          ({ reason_required }) => reason_required,
          () => " reason required",
        ),
      ),
      ...measure(
        "the agent's owners don't decide",
        of(
          ({ excluding_owners }) => excluding_owners,
          () => " excluding owners",
        ),
      ),
      ...measure(
        "nobody approves more than they can look at",
        of(
          ({ fatigue }) => fatigue !== null,
          () => " fatigue",
          "fatigue",
        ),
      ),
      ...measure(
        "requests that must be refused are mixed in",
        of(
          ({ decoys }) => decoys !== null,
          () => " decoys",
          "decoys",
        ),
      ),
    ],
    open: [
      ...gap(asks.length === 0, "nothing asks a person", "use `ask … via APPROVAL` for what can't be taken back"),
      ...gap(names.length > 0, `neither \`fatigue\` nor \`decoys\`: ${names.slice(0, 5).join(", ")}`, FATIGUE),
    ],
  };
}

const FATIGUE = "add `fatigue 20 in 1h` or `decoys 1 in 50`, so that rubber-stamping shows";
