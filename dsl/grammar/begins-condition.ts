/** Whether a condition visibly begins here: how a forgotten `when` or `and` is told from any other stray word. */
import type { IToken, TokenType } from "chevrotain";
import * as t from "../lex/tokens.ts";
import { isName } from "./landmarks.ts";

const w = t.word;
const roots = new Set(["args", "agent", "environment", "session", "requester", "request", "claimed"]);
const comparing = new Set<TokenType>([t.Equal, t.Unequal, t.AtMost, t.AtLeast, t.Less, t.Greater, t.Assign]);
const testing = new Set<TokenType>(["in", "like", "contains", "contain", "starts", "ends", "is"].map(w));

/** Told by two or three tokens, of which none can follow a rule. */
export function beginsCondition(first: IToken, second: IToken, third: IToken): boolean {
  switch (first.tokenType) {
    case t.LParen:
    case w("not"):
      return isName(second);
    case w("during"):
      return isName(second);
    case w("every"):
    case w("some"):
      return third.tokenType === w("in");
    case w("task"):
      return second.tokenType === w("mentions");
    default:
      return isName(first) && followsOperand(first, second);
  }
}

function followsOperand(first: IToken, second: IToken): boolean {
  if (first.tokenType === w("session") && [w("has"), w("did")].includes(second.tokenType)) return true;
  if (roots.has(first.image) && second.tokenType === t.Dot) return true;
  return comparing.has(second.tokenType) || testing.has(second.tokenType) || second.tokenType === t.LParen;
}
