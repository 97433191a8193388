/** What an agent says beside its arguments, as it may be stored. */
import type { Deployment } from "../deployment.ts";
import { wordsWithoutFindings } from "../permits/secrets.ts";
import type { AuthorizeBody } from "./bodies.ts";

export interface Said {
  readonly action: string;
  readonly request_id: string;
  readonly approval: string | null;
  readonly resources: readonly string[] | null;
}

/** A name that the policy has is no secret. */
export function saidBy(
  { action, request_id, approval, resources }: AuthorizeBody,
  { actions, discretion }: Deployment,
): Said {
  const words = (text: string): string => wordsWithoutFindings(text, discretion);
  return {
    action: actions.has(action) ? action : words(action),
    request_id: words(request_id),
    approval: approval === undefined ? null : words(approval),
    resources: resources?.map(words) ?? null,
  };
}
