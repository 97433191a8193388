/**
 * The kinds of token. A word is always lexed as `Identifier`; `keyword-of.ts` gives it its keyword afterwards, since
 * keywords are contextual: every keyword is an identifier too, so that an argument may be called `limit` or `owner`.
 */
import { createToken, Lexer, type TokenType } from "chevrotain";

function token(name: string, label: string, pattern: RegExp): TokenType {
  return createToken({ name, label, pattern, line_breaks: false });
}

const Whitespace = createToken({
  name: "Whitespace",
  // A byte order mark may open a file. Elsewhere it is an invisible character, which `read-text.ts` refuses.
  pattern: /[ \t\r\n\ufeff]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
const LineComment = createToken({ name: "LineComment", pattern: /\/\/[^\r\n]*/, group: "comments" });

const foreignLetter =
  "\\u00aa\\u00b5\\u00ba\\u00c0-\\u167f\\u1681-\\u1fff\\u2c00-\\u2fff\\u3001-\\ud7ff\\uf900-\\ufdff\\uff10-\\uffdc";
const hidden = "\\u00ad\\u200b-\\u200f\\u2060\\ufeff";

// The lookahead leaves a word with a foreign letter or an invisible character in it, and a bare pattern, to `foreign`, whole.
export const Identifier = token(
  "Identifier",
  "a name",
  new RegExp(`[A-Za-z_][A-Za-z0-9_-]*(?![A-Za-z0-9_\\-${foreignLetter}${hidden}]|/(?!/))`),
);
// The two unrolled loops keep the match linear and its stack flat, whatever stands between the quotes.
export const Text = token("Text", "a string in double quotes", /"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"/);

export const Time = token("Time", "a time", /\d{4}-\d\d-\d\d[Tt][0-9:.]*(?:[Zz]|[+-]\d\d:\d\d)?(?![\w.:])/);
export const Day = token("Day", "a date like `2027-01-31`", /\d{4}-\d\d-\d\d(?![\w:-])/);
export const Clock = token("Clock", "a time of day like `09:00`", /\d{1,2}:\d\d(?![\w:])/);
export const Dash = token("Dash", "`-`", /-(?=\s*\d{1,2}:\d\d)/);
export const Duration = token("Duration", "a duration like `30m`", /\d+[smhd](?![\w.:])/);
export const Factor = token("Factor", "a factor like `5x`", /\d+(?:\.\d+)?x(?![\w.:])/);
export const Percent = token("Percent", "a percentage like `20%`", /\d+(?:\.\d+)?%/);
export const Numeral = token("Numeral", "a number", /-?\d+(?:\.\d+)?(?![\w.]|:\d)/);

export const LBrace = token("LBrace", "`{`", /\{/);
export const RBrace = token("RBrace", "`}`", /\}/);
export const LParen = token("LParen", "`(`", /\(/);
export const RParen = token("RParen", "`)`", /\)/);
export const LBracket = token("LBracket", "`[`", /\[/);
export const RBracket = token("RBracket", "`]`", /\]/);
export const Arrow = token("Arrow", "`=>`", /=>/);
export const Equal = token("Equal", "`==`", /==/);
export const Unequal = token("Unequal", "`!=`", /!=/);
export const AtMost = token("AtMost", "`<=`", /<=/);
export const AtLeast = token("AtLeast", "`>=`", />=/);
export const Less = token("Less", "`<`", /</);
export const Greater = token("Greater", "`>`", />/);
export const Assign = token("Assign", "`=`", /=/);
export const Comma = token("Comma", "`,`", /,/);
export const Colon = token("Colon", "`:`", /:/);
export const Dots = token("Dots", "`...`", /\.\.\./);
export const Dot = token("Dot", "`.`", /\./);
export const Star = token("Star", "`*`", /\*/);
export const Question = token("Question", "`?`", /\?/);

/** What the language doesn't have, lexed so that one mistake is one message and its reader learns what to write. */
export const foreign = {
  blockComment: token("BlockComment", "", /\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?/),
  hashComment: token("HashComment", "", /#[^\r\n]*/),
  pattern: token("BarePattern", "", /[A-Za-z_][\w-]*(?:\/(?!\/)[\w*{}.-]*)+/),
  word: token(
    "ForeignWord",
    "",
    new RegExp(`(?:[A-Za-z_][A-Za-z0-9_-]*|[${foreignLetter}])[\\w\\-${foreignLetter}${hidden}]*`),
  ),
  // A day in another order or with other marks between; its year makes it one.
  day: token(
    "ForeignDay",
    "",
    /(?:\d{4}(?:\.\d{1,2}\.|\/\d{1,2}\/|-\d{1,2}-)\d{1,2}|\d{1,2}(?:\.\d{1,2}\.|\/\d{1,2}\/|-\d{1,2}-)\d{4})(?![\w:.])/,
  ),
  number: token("ForeignNumber", "", /-?\d(?:[\w.+-]|:(?=\d))*/),
  openString: token("OpenString", "", /"[^\r\n]*/),
  singleQuoted: token("SingleQuoted", "", /'[^'\r\n]*'?/),
  curlyQuoted: token(
    "CurlyQuoted",
    "",
    /[\u201c\u201d\u201e\u2018\u2019\u201a\u00ab][^\u201c\u201d\u2018\u2019\u00bb"'\r\n]*[\u201c\u201d\u2018\u2019\u00bb"']?/,
  ),
  operator: token("ForeignOperator", "", /===|!==|<>|&&?|\|\|?|!(?!=)|->|→|⇒|≤|≥|≠|\+|\/|%|;/),
  // oxlint-disable-next-line no-control-regex -- these are what it looks for
  space: token("ForeignSpace", "", /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u000b\u000c\u2028\u2029\u0085]+/),
  invisible: token(
    "Invisible",
    "",
    // oxlint-disable-next-line no-control-regex -- these are what it looks for
    /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufff9-\ufffb]+/,
  ),
} as const;

const words = [
  "policy label set live schedule group channel approval class action server define role every agent gateway",
  "canary breaker prove test",
  "environments session lifetime idle lease retain region people requesters oidc audience operators auditors deployers editors",
  "is in not and or like contains contain starts ends with present has did same within during mentions task",
  "true false null some record list enum",
  "approvers quorum tell escalate after reason required excluding owners use reuse varying fatigue decoys",
  "claim secret on none yields when unless clears recovery tool tools sha256",
  "trial allow notify ask never limit except to via until total per then",
  "owner purpose roles identity review by requester from client may call become for key mtls",
  "denied failed of at least most usual calls first kill no can given repeat approved expired delegate return",
].flatMap((line) => line.split(" "));

/** Every keyword by its word. Words that aren't in the grammar never get here, so a lookup by a literal always finds one. */
const keywords = new Map(
  words.map((spelling) => [
    spelling,
    createToken({ name: `word_${spelling}`, label: `\`${spelling}\``, pattern: Lexer.NA, categories: [Identifier] }),
  ]),
);

/** The keyword of this word; undefined where it is an ordinary name. */
export function keywordOf(name: string): TokenType | undefined {
  return keywords.get(name);
}

/** The keyword that the grammar itself spells; a word missing above is a bug of ours, found when the grammar loads. */
export function word(spelling: string): TokenType {
  const found = keywords.get(spelling);
  if (found === undefined) throw new Error(`the grammar uses the unknown keyword ${spelling}`);
  return found;
}

/** In the order in which the lexer tries them: the longer and the more special first. */
export const lexed: readonly TokenType[] = [
  Whitespace,
  LineComment,
  Identifier,
  foreign.pattern,
  foreign.word,
  Text,
  Time,
  Day,
  foreign.day,
  Clock,
  Dash,
  Duration,
  Factor,
  Percent,
  Numeral,
  foreign.number,
  LBrace,
  RBrace,
  LParen,
  RParen,
  LBracket,
  RBracket,
  Arrow,
  foreign.blockComment,
  foreign.operator,
  Equal,
  Unequal,
  AtMost,
  AtLeast,
  Less,
  Greater,
  Assign,
  Comma,
  Colon,
  Dots,
  Dot,
  Star,
  Question,
  foreign.hashComment,
  foreign.openString,
  foreign.singleQuoted,
  foreign.curlyQuoted,
  foreign.space,
  foreign.invisible,
];

export const vocabulary: TokenType[] = [...lexed, ...keywords.values()];
