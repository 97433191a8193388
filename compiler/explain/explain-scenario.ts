/** Explains a stated request; opening a session is one that no table declares. */
import {
  decide,
  explain,
  type Explanation,
  matchOpening,
  type Policy,
  type Request,
  type State,
} from "../../engine/index.ts";

/** As the engine explains it. Of `session.open` only the decision is told, with the rules and limits that it names. */
export function explainScenario(policy: Policy, request: Request, state: State): Explanation {
  if (request.action !== "session.open") return explain(policy, request, state);
  const decision = decide(matchOpening(policy, request), state);
  return { decision, resources: [], rules: [], limits: [], callers: [] };
}
