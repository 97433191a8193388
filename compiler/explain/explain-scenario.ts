/** Explains a stated request; opening a session is one that no table declares. */
import {
  explain,
  type Explanation,
  explainOpening,
  OPENING,
  type Policy,
  type Request,
  type State,
} from "../../engine/index.ts";

export function explainScenario(policy: Policy, request: Request, state: State): Explanation {
  return request.action === OPENING.name ? explainOpening(policy, request, state) : explain(policy, request, state);
}
