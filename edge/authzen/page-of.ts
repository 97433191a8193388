/**
 * A page of results: where the last one ended stands in its token, bound to the question and the policy, so that it
 * serves no other. Pure.
 */
import type { Page } from "./entities.ts";

const MOST = 100;

export interface Span {
  /** Candidates to leave out: earlier pages have looked at them. */
  readonly from: number;
  /** Results at most. */
  readonly limit: number;
}

/**
 * @param question A digest of all that the caller asks, but for the page.
 * @returns null where the token isn't one of this question's
 */
export function spanOf(page: Page, question: string): Span | null {
  const limit = Math.min(page?.limit ?? MOST, MOST);
  const token = page?.token ?? "";
  if (token === "") return { from: 0, limit };
  const found = /^([0-9]{1,6})\.([0-9a-f]{32})$/.exec(token);
  return found === null || found[2] !== question.slice(0, 32) ? null : { from: Number(found[1]), limit };
}

export function nextToken(from: number, question: string): string {
  return `${from}.${question.slice(0, 32)}`;
}
