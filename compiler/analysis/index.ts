/** What can be told from a table about every request. Start at `space/possible-outcomes.ts`. */
export { diffPolicies, type DiffOptions } from "./diff/diff-policies.ts";
export { diffText, type DiffTextOptions } from "./diff/diff-text.ts";
export type * from "./diff/policy-diff.ts";
export { proveClaim } from "./prove/prove-claim.ts";
export type { Fate } from "./space/effect.ts";
export {
  canDecide,
  canDecideOn,
  type CanDecide,
  type CellName,
  possibleOutcomes,
  type PossibleOutcome,
  type PossibleOutcomes,
  type SpaceOptions,
} from "./space/possible-outcomes.ts";
export { decisionOn } from "./space/decision-on.ts";
export type { Question } from "./space/question.ts";
export { explainArguments } from "./witness/explain-text.ts";
export { testText } from "./witness/test-text.ts";
export { actionsSelected, type SelectedActions } from "./who-can/actions-selected.ts";
export type * from "./who-can/who-can.ts";
export { whoCan } from "./who-can/who-can.ts";
export { whoCanText, whoCanTexts, type WhoCanTextOptions } from "./who-can/who-can-text.ts";
