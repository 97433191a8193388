/**
 * Answers that are kept for retries. What a detector found, in resources or in the id itself, isn't kept: resources stand
 * as they may be shown, and who asks the very same again names them again.
 */
import { createHmac } from "node:crypto";
import type { Answer, AuthorizeInput } from "../../rpc.ts";
import { firstRow } from "../../rows.ts";
import type { StoredDecision } from "./decision-store.ts";
import { isRoot, type Member } from "./member.ts";
import type { SessionContext } from "./session-context.ts";

type Kept = Pick<SessionContext, "sql" | "key">;

interface Stored {
  readonly digest: string;
  readonly answer: Answer;
}

/** As `storedAnswer` finds it again. */
export function keptAnswer(
  { key }: Pick<Kept, "key">,
  row: Member,
  input: AuthorizeInput,
  answer: Answer,
): Pick<StoredDecision, "request" | "digest" | "answer"> {
  const kept = { ...answer, resources: input.resources_shown ?? answer.resources };
  return { request: requestKey(key, row, input), digest: input.request_digest, answer: JSON.stringify(kept) };
}

/** Where a later policy gives the same arguments other resources, the answer keeps what was shown, which no permit fits. */
export function storedAnswer({ sql, key }: Kept, row: Member, input: AuthorizeInput): Stored | null {
  const query = "SELECT digest, answer FROM decisions WHERE request = ?";
  const found = firstRow<{ digest: string; answer: string }>(sql, query, requestKey(key, row, input));
  if (found === null) return null;
  const answer = JSON.parse(found.answer) as Answer;
  const isSame = JSON.stringify(answer.resources) === JSON.stringify(input.resources_shown ?? null);
  return { digest: found.digest, answer: isSame ? { ...answer, resources: input.remainder.resources } : answer };
}

/** Each session of the tree names its requests by itself. No id of a request has a colon. */
function requestKey(key: string, row: Member, { request_id, said }: AuthorizeInput): string {
  const isShown = said === undefined || said.request_id === request_id;
  const id = isShown ? request_id : `hmac-sha256:${createHmac("sha256", key).update(request_id).digest("hex")}`;
  return isRoot(row) ? id : `${row.session}:${id}`;
}
