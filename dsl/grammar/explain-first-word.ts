/** An item that begins with no word of its block: what was probably meant. */
import { EOF, type IToken } from "chevrotain";
import type { Diagnostic } from "../diagnostic.ts";
import { brief, mistake, replacement } from "../mistake.ts";
import { nearestWord } from "../nearest-word.ts";
import type { Block } from "./block.ts";
import { clauseHere, wordHere } from "./elsewhere.ts";
import { shown, unfinished } from "./explain-unexpected.ts";
import { isName, type Landmarks } from "./landmarks.ts";
import * as t from "../lex/tokens.ts";

export interface FirstWord<T> {
  readonly source: string;
  readonly block: Block<T>;
  readonly first: IToken;
  readonly second: IToken;
  readonly third: IToken;
  readonly before: IToken;
  readonly landmarks: Landmarks;
  /** Whether the word opens a line or a block, and doesn't stand behind an item that was read. */
  readonly opensItem: boolean;
}

export interface Explained {
  readonly diagnostic: Diagnostic;
  /** The keyword to read on with, after so many tokens are passed over; null where it isn't plain. */
  readonly meant: string | null;
  readonly skip: number;
}

export function explainFirstWord<T>(word: FirstWord<T>): Explained {
  return (
    outsideBlock(word) ??
    skippedInto(word) ??
    behindComma(word) ??
    behindPrefix(word) ??
    elsewhereWord(word) ??
    misspelt(word) ??
    lateClause(word) ??
    unexpected(word)
  );
}

/** A rule or a brace between declarations. */
function outsideBlock<T>({ source, block, first }: FirstWord<T>): Explained | null {
  if (!block.words.includes("policy")) return null;
  if (first.tokenType === t.RBrace)
    return stop(
      mistake(1106, spanOf(source, first), "this `}` closes nothing", {
        help: "delete it, or open the block with `{`",
      }),
    );
  const isRule = ["trial", "allow", "notify", "ask", "never", "limit"].includes(first.image);
  if (!isRule) return null;
  const help = "move it into a `role`, an `agent`, or `every agent`";
  return stop(mistake(1108, spanOf(source, first), `a rule can't stand outside a block`, { help }));
}

/** `allow` alone on its line took the keyword of the next line for its selector. */
function skippedInto<T>({ source, block, before, first, opensItem, landmarks }: FirstWord<T>): Explained | null {
  if (opensItem || !landmarks.opensLine(before) || !block.begins(before, first)) return null;
  const diagnostic = unfinished(source, before, landmarks);
  return diagnostic === null ? null : stop(diagnostic);
}

/** `allow read, on "a"`: the clause's word was taken for the next of a list. */
function behindComma<T>({ source, block, before, landmarks }: FirstWord<T>): Explained | null {
  const comma = landmarks.before(before);
  if (comma === null || comma.tokenType !== t.Comma || !block.inner.includes(before.image)) return null;
  const span = spanOf(source, comma);
  const details = { help: "delete it", fix: replacement("delete it", span, "") };
  return stop(mistake(1112, span, "nothing follows this comma", details));
}

/** `crm.*.read` */
function behindPrefix<T>({ source, before, first }: FirstWord<T>): Explained | null {
  if (before.tokenType !== t.Star || first.tokenType !== t.Dot) return null;
  const help = "name the actions, or choose them by class or by `on` and a pattern";
  return stop(mistake(1101, spanOf(source, first), "a prefix ends in `.*`, so nothing can follow it", { help }));
}

function elsewhereWord<T>({ source, block, first, second, third, opensItem }: FirstWord<T>): Explained | null {
  const meant = wordHere(first.image);
  if (!opensItem || meant === null || !block.words.includes(meant) || !isName(first)) return null;
  const span = spanOf(source, first);
  const message = `\`${brief(first.image)}\` isn't a tier`;
  // `require approval for x`: the words up to the action say what `ask` says.
  const skip =
    meant !== "ask" || !/^(approval|human|confirmation)$/.test(second.image) ? 0 : third.image === "for" ? 2 : 1;
  const help = meant === "ask" ? "write `ask ACTION via APPROVAL`" : `write \`${meant}\``;
  if (meant === "limit")
    return stop(
      mistake(1110, span, `\`${brief(first.image)}\` isn't a rule`, {
        help: "write `limit ACTION to 20 in 1h per agent`",
      }),
    );
  const details = skip === 0 ? { help, fix: replacement(`write \`${meant}\``, span, meant) } : { help };
  return { diagnostic: mistake(1110, span, message, details), meant, skip };
}

function misspelt<T>({ source, block, first, opensItem }: FirstWord<T>): Explained | null {
  if (!isName(first)) return null;
  const words = opensItem ? [...block.words, ...block.inner] : [...block.inner, ...block.words];
  const near = (opensItem ? null : clauseHere(first.image)) ?? nearestWord(first.image, words);
  if (near === null || near === first.image) return null;
  const span = spanOf(source, first);
  const details = { help: `did you mean \`${near}\`?`, fix: replacement(`write \`${near}\``, span, near) };
  const caseOnly = near === first.image.toLowerCase();
  const isOne = block.words.includes(near) ? `isn't ${block.called}` : "isn't a word of the policy language";
  const message = caseOnly ? "keywords are in lower case" : `\`${brief(first.image)}\` ${isOne}`;
  const meant = block.words.includes(near) ? near : null;
  return { diagnostic: mistake(1102, span, message, details), meant, skip: 0 };
}

const order = "`except`, `on`, `when` or `unless`, `to`, `via`, `until`";

/** `allow x via y when z`: a clause where the rule is already past it. */
function lateClause<T>({ source, block, first }: FirstWord<T>): Explained | null {
  if (!block.words.includes("never") || !block.inner.includes(first.image)) return null;
  const help = `each clause stands once and in this order: ${order}`;
  return stop(mistake(1108, spanOf(source, first), `\`${brief(first.image)}\` can't stand here`, { help }));
}

function unexpected<T>({ source, block, first, before, opensItem }: FirstWord<T>): Explained {
  const span = spanOf(source, first);
  const closing = block.words.includes("policy") ? "" : " or `}`";
  if (opensItem || first.tokenType === EOF)
    return stop(mistake(1101, span, `expected ${block.called}${closing}, found ${shown(first)}`));
  const sameSort = first.tokenType === before.tokenType || (isName(first) && isName(before));
  const listed = sameSort ? "separate what belongs to a list with commas; " : "";
  return stop(
    mistake(1101, span, `${shown(first)} can't stand here`, {
      help: `${listed}here may follow ${block.called}${closing}`,
    }),
  );
}

function stop(diagnostic: Diagnostic): Explained {
  return { diagnostic, meant: null, skip: 0 };
}

function spanOf(source: string, token: IToken): Diagnostic["span"] {
  return { source, start: token.startOffset, end: token.startOffset + token.image.length };
}
