/** Conditions as programs, queries and other policies have them. */
import { globOf } from "./glob-of.ts";
import { CONDITION, dotted, type Habit, name, pattern, text, value } from "./habit.ts";

const path = `(?<path>(?:${dotted}))`;
const item = `(?:${text}|'[^']*'|${name})`;

export const conditionHabits: readonly Habit[] = [
  {
    line: pattern(
      `\\b${path}\\s+(?<wrong>=~|~=|~|matches|matching|match|regexp?|rlike)\\s*(?<regex>${text}|/[^/]*/)`,
      "i",
    ),
    code: CONDITION,
    message: "there are no regular expressions; text is compared with a glob, in which `*` stands for anything",
    instead: ({ path: left = "", regex = "" }) => `${left} like "${globOf(regex.slice(1, -1)) ?? "A*"}"`,
    guess: true,
  },
  {
    line: pattern(
      `\\b${path}\\.(?<wrong>starts_?with|has_?prefix|ends_?with|has_?suffix|contains|includes)\\s*\\(\\s*(?<value>${text}|${dotted})\\s*\\)`,
      "i",
    ),
    code: CONDITION,
    message: ({ wrong = "" }) => `\`${wrong}\` isn't called like a function, but stands between the two`,
    instead: ({ path: left = "", wrong = "", value: right = "" }) => `${left} ${operatorOf(wrong)} ${right}`,
  },
  {
    line: pattern(
      `(?<wrong>\\b(?:starts_?with|has_?prefix|ends_?with|has_?suffix)\\s*\\()\\s*${path}\\s*,\\s*(?<value>${text})\\s*\\)`,
      "i",
    ),
    code: CONDITION,
    message: "this isn't called like a function, but stands between the two",
    instead: ({ path: left = "", wrong = "", value: right = "" }) => `${left} ${operatorOf(wrong)} ${right}`,
  },
  {
    line: pattern(
      `\\b${path}\\s+(?<wrong>(?:contains|has)\\s+(?:any|one|some)(?:\\s+of)?)\\s*(?:\\[|\\()(?<list>[^\\[\\]()]*)(?:\\]|\\))`,
    ),
    code: CONDITION,
    message: "`contains` looks for one text at a time",
    instead: ({ path: left = "", list: items = "" }) => anyOf(left, items),
  },
  {
    line: pattern(
      `(?<wrong>\\b(?:any|exists|forall|for\\s+all|for\\s+any|for\\s+each|foreach|all|each))\\s+(?<var>${name})\\s+in\\s+(?<of>${dotted})\\s*[:,]?\\s*(?<rest>.+)$`,
      "i",
    ),
    code: CONDITION,
    message: "the elements of a list are tested with `every` or `some`",
    instead: ({ wrong = "", var: variable = "", of = "", rest = "" }) =>
      `${/any|exists/i.test(wrong) ? "some" : "every"} ${variable} in ${of}: ${rest}`,
  },
  {
    line: pattern(
      `\\b(?<head>(?:every|some)\\s+(?<var>${name})\\s+in\\s+${dotted})(?<wrong>,?\\s+(?=(?<again>${name})[.\\s]))(?!:)`,
    ),
    code: CONDITION,
    message: "`:` is missing before what must be true of the element",
    instead: ({ head = "", var: variable, again }) => (variable === again ? `${head}: ` : null),
  },
  {
    line: pattern(
      `\\b(?<list>args\\.${dotted})(?<wrong>\\[\\s*-?\\d+\\s*\\])(?<member>(?:\\.${name})*)\\s*(?<rest>(?:==|!=|in\\b|not\\s+in\\b)\\s*(?:${value}|${dotted}))`,
    ),
    code: CONDITION,
    message: "elements have no numbers: a condition speaks of every element or of some",
    instead: ({ list: of = "", member = "", rest = "" }) => `every x in ${of}: x${member} ${rest}`,
    guess: true,
  },
  {
    line: pattern(
      `(?<of>:\\s*)?\\b${path}\\s+(?<wrong>not\\s+(?<operator>like|contains?|starts?\\s+with|ends?\\s+with))\\s+(?<value>${text}|${dotted})`,
    ),
    code: CONDITION,
    message: "`not` stands before the whole comparison",
    instead: ({ of, path: left = "", operator = "", value: right = "" }) => {
      const turned = `not ${left} ${testOf(operator)} ${right}`;
      return of === undefined ? turned : `: (${turned})`;
    },
  },
  {
    line: pattern(
      `(?<![\\w.])(?<wrong>(?:request\\.)?(?:now|time|hour|time_of_day)\\b\\s*(?:\\(\\s*\\))?\\s*(?:not\\s+)?between\\s+"?(?<from>\\d\\d:\\d\\d)"?\\s*(?:and|,|-|to)\\s*"?(?<until>\\d\\d:\\d\\d)"?)`,
      "i",
    ),
    code: CONDITION,
    message: "times of day stand in a schedule",
    advice: ({ from = "", until = "" }) =>
      `declare \`schedule hours = mon-fri ${from}-${until} "Europe/Berlin"\`, and write \`during hours\``,
  },
  {
    line: pattern(`\\b${path}\\s+(?<wrong>between)\\s+(?<low>\\S+)\\s+and\\s+(?<high>\\S+)`, "i"),
    code: CONDITION,
    message: "there is no `between`: both ends are compared",
    instead: ({ path: left = "", low = "", high = "" }) => `${left} >= ${low} and ${left} <= ${high}`,
  },
  {
    line: pattern(`\\b${path}\\s+(?<wrong>in\\s+not)\\b`),
    code: CONDITION,
    message: "`not` stands before `in`",
    instead: ({ path: left = "" }) => `${left} not in`,
  },
  {
    line: pattern(`\\b${path}(?<!\\bin)\\s+(?<wrong>not)\\s+(?=\\[)`),
    code: CONDITION,
    message: "`in` is missing behind `not`",
    instead: ({ path: left = "" }) => `${left} not in `,
  },
  {
    line: pattern(`\\b${path}\\s+(?<wrong>is\\s+not)\\s+(?<value>${value})`),
    code: CONDITION,
    message: "values are compared with `==` and `!=`",
    instead: ({ path: left = "", value: right = "" }) => `${left} != ${right}`,
  },
  {
    line: pattern(`\\bsession\\s+(?<wrong>is|contains|includes|==|=)\\s+"?(?<label>${name})"?`),
    code: CONDITION,
    message: "a session has labels",
    instead: ({ label = "" }) => `session has ${label}`,
  },
  {
    line: pattern(`\\b${path}\\s+(?<wrong>is)\\s+(?<value>${value})`),
    code: CONDITION,
    message: "values are compared with `==`",
    instead: ({ path: left = "", value: right = "" }) => `${left} == ${right}`,
  },
  {
    line: pattern(
      `\\b${path}\\s+(?<wrong>is\\s+(?:not\\s+)?(?:null|nil|none|empty|undefined|missing|defined|set|given))\\b`,
      "i",
    ),
    code: CONDITION,
    message: "whether an argument was given is asked with `is present`",
    instead: ({ path: left = "", wrong = "" }) => `${left} is ${isAbsent(wrong) ? "not " : ""}present`,
  },
  {
    line: pattern(`(?<wrong>\\b(?:exists?|isset|defined)\\s+)(?<path>args\\.${dotted})`, "i"),
    code: CONDITION,
    message: "whether an argument was given is asked with `is present`",
    instead: ({ path: left = "" }) => `${left} is present`,
  },
  {
    line: pattern(`\\bin\\s*(?<wrong>[([{]\\s*(?<items>${item}(?:\\s*,\\s*${item})*)\\s*,?\\s*[)\\]}])`),
    code: CONDITION,
    message: "texts stand in double quotes, and a list in `[ ]`",
    instead: ({ items = "" }) => (bareIn(items) ? `in [${quotedAll(items)}]` : null),
    // A bare name may have been meant for a set of that name.
    guess: true,
  },
  {
    line: pattern("\\bin\\s*(?<wrong>[({])(?<items>[^(){}\\[\\]]*)[)}]"),
    code: CONDITION,
    message: "a list stands in `[ ]`",
    instead: ({ items = "" }) => `in [${items.trim()}]`,
  },
  {
    line: pattern("(?:(?<before>\\s)(?<wrong>AND|OR|NOT|WHEN|UNLESS|IN|LIKE|VIA|And|Or|Not|When|Unless)(?=\\s))"),
    code: CONDITION,
    message: "keywords are in lower case",
    instead: ({ before = "", wrong = "" }) => before + wrong.toLowerCase(),
  },
  {
    line: pattern(`(?<wrong>[$€£¥]|\\b(?:EUR|USD|GBP|CHF)\\s*)(?<number>\\d[\\d_]*(?:\\.\\d+)?)`),
    code: CONDITION,
    message: "a number stands without its currency, which is an argument of its own",
    instead: ({ number = "" }) => number.replaceAll("_", ""),
    guess: true,
  },
  {
    line: pattern("(?<number>\\b\\d+(?:\\.\\d+)?)\\s*(?<wrong>[$€£¥]|EUR|USD|GBP|CHF)(?!\\w)"),
    code: CONDITION,
    message: "a number stands without its currency, which is an argument of its own",
    instead: ({ number = "" }) => number,
    guess: true,
  },
  {
    line: pattern(`(?<sign>==|!=|<=|>=|<|>)\\s*(?<number>\\d+(?:\\.\\d+)?)\\s*(?<wrong>%)`),
    code: CONDITION,
    message: "a number that is compared stands without `%`",
    instead: ({ sign = "", number = "" }) => `${sign} ${number}`,
    guess: true,
  },
  {
    line: pattern(
      "(?<wrong>\\b(?:now|time|hour|time_of_day|request\\.hour)\\b\\s*(?:\\(\\s*\\))?(?:\\.hour)?\\s*(?:>=|>|<=|<|between|in)\\s*\\S+)",
      "i",
    ),
    code: CONDITION,
    message: "times of day stand in a schedule",
    advice: 'declare `schedule hours = mon-fri 09:00-17:00 "Europe/Berlin"`, and write `when during hours`',
  },
  {
    line: pattern("\\b(?<word>when|unless)\\s*(?<wrong>\\{)\\s*(?<condition>[^{}]*?)\\s*\\}"),
    code: CONDITION,
    message: "a condition stands without braces",
    instead: ({ word = "", condition = "" }) => `${word} ${condition}`,
  },
  {
    line: pattern(`\\b(?<low>${value})\\s*(?<first><=|<)\\s*(?<path>${dotted})\\s*(?<wrong><=|<)\\s*(?<high>${value})`),
    code: 1104,
    message: "comparisons don't chain",
    instead: ({ low = "", first = "", path: of = "", wrong = "", high = "" }) =>
      `${of} ${first === "<" ? ">" : ">="} ${low} and ${of} ${wrong} ${high}`,
  },
  {
    line: pattern(`\\b(?<path>args\\.${dotted})\\s*(?<wrong>[*+/%-])\\s*(?<by>\\d+(?:\\.\\d+)?|${dotted})`),
    code: 1008,
    message: ({ wrong = "" }) => `there is no arithmetic, so \`${wrong}\` means nothing`,
    advice: ({ path: of = "" }) =>
      `compare \`${of}\` itself with a number; what several calls come to is kept by a limit with \`total ${of}\``,
  },
  {
    line: pattern(`(?<wrong>${text}\\s*\\+\\s*${dotted}|${dotted}\\s*\\+\\s*${text})`),
    code: CONDITION,
    message: "texts aren't put together",
    advice: 'compare the argument with a whole text, or with its beginning: `args.name starts with "o-"`',
  },
];

function isAbsent(words: string): boolean {
  const negated = /\bnot\b/i.test(words);
  const absent = /\b(?:null|nil|none|empty|undefined|missing)$/i.test(words);
  return absent !== negated;
}

/** Whether one of the items has no quotes and is more than `true` or `false`. */
function bareIn(items: string): boolean {
  return /(?:^|,)\s*(?!true\b|false\b)[A-Za-z_]/.test(items);
}

function quotedAll(items: string): string {
  const each = items.split(/\s*,\s*/).map((one) => `"${one.trim().replaceAll(/^["']|["']$/g, "")}"`);
  return each.join(", ");
}

/** `like`, `contains`, `starts with`, `ends with`, with or without their last letter. */
function testOf(operator: string): string {
  return operator === "like" ? "like" : operatorOf(operator);
}

function operatorOf(word: string): string {
  if (/start|prefix/i.test(word)) return "starts with";
  return /end|suffix/i.test(word) ? "ends with" : "contains";
}

function anyOf(left: string, items: string): string | null {
  const texts = items.match(/"[^"]*"/g) ?? [];
  if (texts.length === 0) return null;
  const tests = texts.map((item) => `${left} contains ${item}`).join(" or ");
  return texts.length === 1 ? tests : `(${tests})`;
}
