/** An item that begins with no word of its block: what was probably meant. What belongs to the item before it: `explain-stray.ts`. */
import { EOF } from "chevrotain";
import { brief, mistake, replacement } from "../mistake.ts";
import { nearestWord } from "../nearest-word.ts";
import { wordsOffered } from "./block.ts";
import { clauseHere, helpWithout, wordHere } from "./elsewhere.ts";
import { colonTooMany, shown } from "./explain-unexpected.ts";
import { explainStray, lateClause } from "./explain-stray.ts";
import { type Explained, type FirstWord, spanOf, stop } from "./first-word.ts";
import { isName } from "./landmarks.ts";
import * as t from "../lex/tokens.ts";

export function explainFirstWord<T>(word: FirstWord<T>): Explained {
  return (
    outsideBlock(word) ??
    explainStray(word) ??
    colonBehind(word) ??
    unknownElsewhere(word) ??
    conditionFirst(word) ??
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

/** `purpose: "…"`: read on as if the colon weren't there. */
function colonBehind<T>({ source, block, first, second }: FirstWord<T>): Explained | null {
  if (second.tokenType !== t.Colon || !block.words.includes(first.image)) return null;
  return { diagnostic: colonTooMany(source, second, first), meant: first.image, skip: 1 };
}

/** `else never …`, `import "…"` */
function unknownElsewhere<T>({ source, first, opensItem }: FirstWord<T>): Explained | null {
  const help = opensItem ? helpWithout(first.image) : null;
  if (help === null) return null;
  return stop(mistake(1110, spanOf(source, first), `there is no \`${first.image}\``, { help }));
}

/** `if args.amount < 3 allow …` */
function conditionFirst<T>({ source, block, first, previous }: FirstWord<T>): Explained | null {
  if (previous !== null || !block.words.includes("never")) return null;
  if (![first.image, clauseHere(first.image)].some((word) => word === "when" || word === "unless")) return null;
  const message = `a rule begins with its tier, not with \`${first.image}\``;
  return stop(mistake(1108, spanOf(source, first), message, { help: "write `allow ACTION when …`" }));
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
  // `requires requester`: no rule, whose action would then be missed as well.
  if (meant === "ask" && block.words.includes("requester") && second.image === "requester")
    return stop(mistake(1110, span, message, { help: "write `requester required`" }));
  const details = skip === 0 ? { help, fix: replacement(`write \`${meant}\``, span, meant) } : { help };
  return { diagnostic: mistake(1110, span, message, details), meant, skip };
}

function misspelt<T>({ source, block, first, opensItem }: FirstWord<T>): Explained | null {
  if (!isName(first)) return null;
  const words = opensItem ? [...block.words, ...block.inner] : [...block.inner, ...block.words];
  const near = (opensItem ? null : clauseHere(first.image)) ?? nearestWord(first.image, words);
  if (near === null || near === first.image) return null;
  const span = spanOf(source, first);
  const caseOnly = near === first.image.toLowerCase();
  const fix = replacement(`write \`${near}\``, span, near);
  const details = { help: `did you mean \`${near}\`?`, fix: caseOnly ? fix : { ...fix, guess: true as const } };
  const isOne = block.words.includes(near) ? `isn't ${block.called}` : "isn't a word of the policy language";
  const message = caseOnly ? "keywords are in lower case" : `\`${brief(first.image)}\` ${isOne}`;
  const meant = block.words.includes(near) ? near : null;
  const cut = block.inner.includes(near);
  return { diagnostic: mistake(1102, span, message, details), meant, skip: 0, cut, guessed: !caseOnly };
}

function unexpected<T>({ source, block, first, before, opensItem }: FirstWord<T>): Explained {
  const span = spanOf(source, first);
  const closing = block.words.includes("policy") ? "" : " or `}`";
  if (opensItem || first.tokenType === EOF)
    return stop(
      mistake(
        1101,
        span,
        `expected ${block.called}${closing}, found ${shown(first)}`,
        first.tokenType === EOF ? {} : { help: `here may stand ${wordsOffered(block)}` },
      ),
    );
  const sameSort = first.tokenType === before.tokenType || (isName(first) && isName(before));
  const listed = sameSort ? "separate what belongs to a list with commas; " : "";
  return stop(
    mistake(1101, span, `${shown(first)} can't stand here`, {
      help: `${listed}here may follow ${block.called}${closing}`,
    }),
  );
}
