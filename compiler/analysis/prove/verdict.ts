/** What came of a claim. */
import type { Question } from "../space/question.ts";

export type Verdict =
  | { readonly kind: "holds" }
  /** Each question is a request that breaks it; several where it takes several. */
  | { readonly kind: "broken"; readonly agent: string; readonly questions: readonly Question[] }
  | { readonly kind: "unknown"; readonly agent: string; readonly action: string; readonly why: string };

export const HOLDS: Verdict = { kind: "holds" };

/** More cells than these aren't looked at for one claim. */
export const MOST_CELLS = 20_000;
