/** Parameters and types as programming languages have them. */
import { type Groups, type Habit, name, pattern, TYPE } from "./habit.ts";

const ours = "string|int|decimal|bool|email|url|host|ip|path|timestamp|duration|uuid|json|record";

/** Types of other languages, by the one that takes the same values. */
const theirs: ReadonlyMap<string, string> = new Map(
  Object.entries({
    string: ["str", "text", "varchar", "char"],
    int: ["integer", "long", "int32", "int64", "uint"],
    decimal: ["number", "float", "double", "money", "real", "numeric"],
    bool: ["boolean"],
    url: ["uri", "link"],
    timestamp: ["datetime", "date", "time"],
    uuid: ["guid"],
    json: ["any", "object", "dict", "map", "unknown"],
  }).flatMap(([type, words]) => words.map((word): [string, string] => [word, type])),
);

/** The type here for a type there, ours as it is. */
function typeOf(word: string): string {
  return theirs.get(word.toLowerCase()) ?? word;
}

export const typeHabits: readonly Habit[] = [
  {
    line: pattern(`(?<wrong>\\bsecret\\s+(?<called>${name}))\\s*:\\s*(?!secret\\b)`),
    code: TYPE,
    message: "`secret` stands before the type, not before the name",
    instead: ({ called = "" }) => `${called}: secret `,
  },
  ...["<%>", "\\[%\\]", "\\(%\\)"].map((brackets) => ({
    line: pattern(
      `(?<wrong>\\b(?:array|list|set|sequence|seq|vec|vector|iterable))\\s*${brackets.replace("%", `\\s*(?<of>${name})\\s*`)}`,
      "i",
    ),
    code: TYPE,
    message: "several values of one type are a `list<…>`",
    instead: ({ of = "" }: Groups) => `list<${typeOf(of)}>`,
  })),
  {
    line: pattern(`(?<before>:\\s*)(?<wrong>list\\s+of)\\s+(?<of>${name})`),
    code: TYPE,
    message: "several values of one type are a `list<…>`",
    instead: ({ before = "", of = "" }) => `${before}list<${typeOf(of)}>`,
  },
  {
    line: pattern(`(?<before>:\\s*)(?<of>${name})(?<wrong>\\[\\s*\\])`),
    code: TYPE,
    message: "several values of one type are a `list<…>`",
    instead: ({ before = "", of = "" }) => `${before}list<${typeOf(of)}>`,
  },
  {
    line: pattern(`(?<before>:\\s*)(?<wrong>\\[\\s*(?<of>${name})\\s*\\])`),
    code: TYPE,
    message: "several values of one type are a `list<…>`",
    instead: ({ before = "", of = "" }) => `${before}list<${typeOf(of)}>`,
  },
  {
    line: pattern(`(?<wrong>\\b(?:optional|option|maybe|nullable))\\s*[<[(]\\s*(?<of>${name})\\s*[>\\])]`, "i"),
    code: TYPE,
    message: "an argument that may be left out has `?` behind its type",
    instead: ({ of = "" }) => `${typeOf(of)}?`,
  },
  {
    line: pattern("(?<wrong>\\b(?:map|dict|record|hashmap|object))\\s*<[^<>]*>", "i"),
    code: TYPE,
    message: "there are no maps; an object with known names is a `record`, any other is `json`",
    instead: () => "json",
    guess: true,
  },
  {
    line: pattern('(?<before>:\\s*)(?<wrong>(?<values>"[^"]*"(?:\\s*\\|\\s*"[^"]*")+))'),
    code: TYPE,
    message: "one of several texts is an `enum`",
    instead: ({ before = "", values = "" }) => `${before}enum(${values.replace(/\s*\|\s*/g, ", ")})`,
  },
  {
    line: pattern("(?<wrong>\\benum\\s*[[{<])(?<values>[^\\[\\]{}<>]*)[\\]}>]"),
    code: TYPE,
    message: "the values of an `enum` stand in parentheses",
    instead: ({ values = "" }) => `enum(${values.trim()})`,
  },
  {
    line: pattern(`\\benum\\s*\\((?<wrong>\\s*${name}(?:\\s*,\\s*${name})*\\s*)\\)`),
    code: TYPE,
    message: "the values of an `enum` stand in double quotes",
    instead: ({ wrong = "" }) =>
      `enum(${wrong
        .split(",")
        .map((word) => `"${word.trim()}"`)
        .join(", ")})`,
  },
  {
    line: pattern(`(?<before>\\b${name}\\s*:\\s*(?:${ours})(?:\\([^()]*\\))?)(?<wrong>\\s*=\\s*(?:"[^"]*"|[\\w.-]+))`),
    code: TYPE,
    message: "an argument has no default; what may be left out has `?` behind its type",
    instead: ({ before = "" }) => `${before}?`,
    guess: true,
  },
  {
    line: pattern("\\((?<word>min|max|like)\\s*(?<wrong>=)\\s*"),
    code: TYPE,
    message: "the settings of a type stand behind their word, without `=`",
    instead: ({ word = "" }) => `(${word} `,
  },
  {
    line: pattern(`(?<before>:\\s*${name}(?:\\([^()]*\\))?)\\s+(?<wrong>required|optional|mandatory)(?=\\s*[,)]|$)`),
    code: TYPE,
    message: "an argument is required, unless `?` stands behind its type",
    instead: ({ before = "", wrong = "" }) => (wrong === "optional" ? `${before}?` : before),
  },
  {
    line: pattern(
      `(?<before>[(,]\\s*)(?<wrong>(?<type>${ours}|${[...theirs.keys()].join("|")})\\s+(?<param>${name}))(?=\\s*[,)])`,
    ),
    code: TYPE,
    message: "an argument's name comes first, its type behind `:`",
    instead: ({ before = "", type = "", param = "" }) => `${before}${param}: ${typeOf(type)}`,
  },
  {
    line: pattern(`^(?<head>(?:action|define)\\s+[\\w.]+\\s*\\(\\s*)(?<wrong>${name})(?=\\s*[,)])`),
    code: TYPE,
    message: ({ wrong = "" }) => `\`${wrong}\` has no type`,
    instead: ({ head = "", wrong = "" }) => `${head}${wrong}: string`,
    guess: true,
  },
  {
    line: pattern(
      `^(?<wrong>class(?:es)?\\s*[:=]?|type\\s*[:=]|is\\s*[:=])\\s*\\[?(?<classes>${name}(?:\\s*,\\s*${name})*)\\]?$`,
    ),
    code: TYPE,
    message: "what an action does stands behind `is`",
    instead: ({ classes = "" }) => `is ${classes}`,
  },
];
