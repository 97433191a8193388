/** What stands behind an item that was read and belongs to it: a condition without `when`, a clause too late, a foreign operator. */
import type { IToken } from "chevrotain";
import { unitHelp } from "../lex/foreign-number.ts";
import * as t from "../lex/tokens.ts";
import { brief, type MistakeDetails, mistake, replacement } from "../mistake.ts";
import { beginsCondition } from "./begins-condition.ts";
import { operatorHere } from "./elsewhere.ts";
import { unfinished } from "./explain-unexpected.ts";
import { type Explained, type FirstWord, spanOf, stop } from "./first-word.ts";
import { isName } from "./landmarks.ts";

export function explainStray<T>(word: FirstWord<T>): Explained | null {
  return (
    skippedInto(word) ??
    behindComma(word) ??
    behindPrefix(word) ??
    starInName(word) ??
    nameOfTwoWords(word) ??
    commaForAnd(word) ??
    conditionAlone(word) ??
    foreignOperator(word) ??
    behindNumber(word)
  );
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

/** `crm.*.read`, `crm.*read` */
function behindPrefix<T>({ source, before, first }: FirstWord<T>): Explained | null {
  const behind = first.tokenType === t.Dot || first.startOffset === before.startOffset + before.image.length;
  if (before.tokenType !== t.Star || !behind) return null;
  const help = "name the actions, or choose them by class or by `on` and a pattern";
  return stop(mistake(1101, spanOf(source, first), "a prefix ends in `.*`, so nothing can follow it", { help }));
}

/** `flights.se*` */
function starInName<T>({ source, before, first, landmarks }: FirstWord<T>): Explained | null {
  if (first.tokenType !== t.Star || first.startOffset !== before.startOffset + before.image.length) return null;
  const name = landmarks.dottedTo(before);
  const prefix = name.includes(".") ? name.replace(/\.[^.]*$/, "") : null;
  const help =
    prefix === null ? `write \`${name}.*\`, or name the actions` : `write \`${prefix}.*\`, or name the actions`;
  const span = { ...spanOf(source, first), start: before.startOffset };
  return stop(mistake(1101, span, "a prefix ends behind a dot, not within a word", { help }));
}

/** `action flights search(…)` */
function nameOfTwoWords<T>({ source, before, first, previous, landmarks }: FirstWord<T>): Explained | null {
  const [keyword, ...name] = previous === null ? [] : landmarks.between(previous, first);
  if (keyword?.tokenType !== t.word("action") || !isName(first)) return null;
  if (name.length === 0 || !name.every((token) => isName(token) || token.tokenType === t.Dot)) return null;
  const help = `a name is one word or dotted: write \`${brief(`${landmarks.dottedTo(before)}.${first.image}`)}\``;
  return stop(mistake(1101, spanOf(source, first), `\`${brief(first.image)}\` can't stand here`, { help }));
}

/** `allow payments.refund args.amount <= 50`, and the same behind a condition that is whole. */
function conditionAlone<T>(word: FirstWord<T>): Explained | null {
  const { source, block, first, second, third, previous, landmarks } = word;
  if (previous === null || !block.inner.includes("when") || !beginsCondition(first, second, third)) return null;
  const text = brief(landmarks.dottedFrom(first));
  const missing = hasGuard(word) ? "and" : "when";
  const help =
    missing === "and"
      ? "join the two by `and` or `or`"
      : `write \`when ${conditionText(word, text)}\`${laterClause(word)}`;
  return stop(mistake(1113, spanOf(source, first), `\`${missing}\` is missing before \`${text}\``, { help }), true);
}

/** Where the condition belongs, when a clause that stands behind conditions has been read already. */
function laterClause<T>({ previous, first, landmarks }: FirstWord<T>): string {
  const read = previous === null ? [] : landmarks.between(previous, first);
  const later = read.find(({ tokenType }) => behindConditions.has(tokenType));
  return later === undefined ? "" : ` before \`${later.image}\``;
}

const behindConditions = new Set(["total", "to", "via", "until"].map(t.word));

/** How the condition begins: an argument of its own name alone is read as `args.name`. */
function conditionText<T>({ first, second }: FirstWord<T>, text: string): string {
  if (first.tokenType === t.word("session")) return second.tokenType === t.Dot ? text : `session ${second.image}`;
  const bare = first.tokenType === t.Identifier && text === first.image && second.tokenType !== t.LParen;
  return bare && first.image !== "environment" ? `args.${text}` : text;
}

/** `when args.a == 1, args.b == 2` */
function commaForAnd<T>(word: FirstWord<T>): Explained | null {
  const { source, first, second, third, landmarks } = word;
  const joins = first.tokenType === t.Comma && beginsCondition(second, third, landmarks.after(third, 1));
  if (!joins || !hasGuard(word)) return null;
  const help = "join the two by `and` or `or`";
  return stop(mistake(1113, spanOf(source, first), "a comma doesn't join conditions", { help }));
}

function hasGuard<T>({ previous, first, landmarks }: FirstWord<T>): boolean {
  const read = previous === null ? [] : landmarks.between(previous, first);
  return read.some(({ tokenType }) => tokenType === t.word("when") || tokenType === t.word("unless"));
}

/** `args.name matches "L.*"` */
function foreignOperator<T>({ source, block, first, before, opensItem, landmarks }: FirstWord<T>): Explained | null {
  const meant = opensItem || !block.inner.includes("when") ? null : operatorHere(first.image);
  if (meant === null) return null;
  const span = spanOf(source, first);
  const details: MistakeDetails =
    meant === "like"
      ? { help: `write \`like\` and a glob, as in \`${brief(landmarks.dottedTo(before))} like "A*"\`` }
      : { help: `write \`${meant}\``, fix: replacement(`write \`${meant}\``, span, meant) };
  return stop(mistake(1110, span, `\`${brief(first.image)}\` isn't an operator here`, details));
}

/** `300 EUR` */
function behindNumber<T>({ source, before, first, opensItem }: FirstWord<T>): Explained | null {
  if (opensItem || before.tokenType !== t.Numeral || first.tokenType !== t.Identifier) return null;
  const help = unitHelp(before.image);
  return stop(mistake(1101, spanOf(source, first), `\`${brief(first.image)}\` can't stand behind a number`, { help }));
}

const ruleOrder = "`except`, `on`, `when` or `unless`, `to`, `via`, `until`";
const limitOrder = "`except`, `on`, `when` or `unless`, `total`, `to`, `in`, `per`, `then`";

/** `allow x via y when z`: a clause where the rule is already past it. */
export function lateClause<T>(word: FirstWord<T>): Explained | null {
  const { source, block, first, second } = word;
  if (!block.words.includes("never") || !block.inner.includes(first.image)) return null;
  const window = second.tokenType === t.Duration && isLimit(word);
  const help = window
    ? `write \`in ${second.image}\` before \`per\``
    : `each clause stands once and in this order: ${isLimit(word) ? limitOrder : ruleOrder}`;
  return stop(mistake(1108, spanOf(source, first), `\`${brief(first.image)}\` can't stand here`, { help }), true);
}

function isLimit<T>({ previous, first, landmarks }: FirstWord<T>): boolean {
  const read: readonly IToken[] = previous === null ? [] : landmarks.between(previous, first);
  return read.slice(0, 2).some(({ tokenType }) => tokenType === t.word("limit"));
}
