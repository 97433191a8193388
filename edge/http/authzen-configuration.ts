/** `GET /.well-known/authzen-configuration` (OpenID AuthZEN Authorization API 1.0, section 9). */
import type { AppContext } from "./context.ts";

export function showAuthzenConfiguration(c: AppContext): Response {
  const [origin = ""] = c.get("deployment").origins;
  const at = (path: string): string => `${origin}/access/v1/${path}`;
  return c.json({
    policy_decision_point: origin,
    access_evaluation_endpoint: at("evaluation"),
    access_evaluations_endpoint: at("evaluations"),
    search_subject_endpoint: at("search/subject"),
    search_resource_endpoint: at("search/resource"),
    search_action_endpoint: at("search/action"),
  });
}
