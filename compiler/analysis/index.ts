/** What can be told from a table about every request. Start at `space/possible-outcomes.ts`. */
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
