/** Steps of tests as other test languages have them. */
import { dotted, type Habit, name, pattern, STEP, text, value } from "./habit.ts";

/** What may stand before a call. */
const before = "(?:(?:approved|denied|expired|failed)\\s+|repeat\\s+\\d+\\s*:\\s*)*";
const list = `\\[(?:${text}|[^\\[\\]"])*\\]`;
/** An argument that stands without its name. */
const argument = `(?:${value}|${list})(?=\\s*[,)])`;
const outcome = "(?<outcome>[a-z_]+(?:\\s+via\\s+[\\w\\s]+)?)";

export const stepHabits: readonly Habit[] = [
  {
    line: pattern(
      `^(?<wrong>expect|assert|when|then|call|check|should|it|given)\\s+(?<call>${dotted}\\s*\\(.*\\)\\s*)(?:==?|=>|->|:|is|to be)?\\s*${outcome}$`,
    ),
    code: STEP,
    message: "a step is the call, `=>`, and what the answer should be",
    instead: ({ call = "", outcome: expected = "" }) => `${call.trim()} => ${expected}`,
  },
  {
    line: pattern(`^(?<call>${dotted}\\s*\\(.*\\)\\s*)(?<wrong>===?|=|:|is|returns|should be)\\s*${outcome}$`),
    code: STEP,
    message: "behind the call stands `=>` and what the answer should be",
    instead: ({ call = "", outcome: expected = "" }) => `${call.trim()} => ${expected}`,
  },
  {
    line: pattern(`^(?<action>${dotted})\\s*\\(\\s*(?<wrong>\\{)(?<args>[^{}]*)\\}\\s*\\)(?<rest>.*)$`),
    code: STEP,
    message: "arguments stand in the parentheses by their names, without braces and quotes",
    instead: ({ action = "", args = "", rest = "" }) =>
      `${action}(${args.trim().replace(/"([A-Za-z_][\w-]*)"\s*:/g, "$1:")})${rest}`,
  },
  {
    line: pattern(
      `^(?<before>${before})(?<action>${dotted})\\s*\\(\\s*(?<args>(?<wrong>${argument}).*)\\)(?<rest>\\s*=>.*)$`,
    ),
    code: STEP,
    message: "each argument stands behind its name",
    instead: ({ before: words = "", action = "", args = "", rest = "" }, names) =>
      `${words}${action}(${named(args, names(action))})${rest}`,
    guess: true,
  },
  {
    line: pattern(`^(?<wrong>as|by|who|actor|subject)\\s+"?(?<agent>${name})"?$`),
    code: STEP,
    message: "a test begins with the agent whose calls these are",
    instead: ({ agent = "" }) => `agent ${agent}`,
    needs: /expected `agent`/,
  },
  {
    line: pattern(`^(?<head>repeat\\s+\\d+)(?<wrong>(?:\\s*(?:x|times))?\\s*:?\\s*)(?=${dotted}\\s*\\()`),
    code: STEP,
    message: "`:` stands between how often and the call",
    instead: ({ head = "" }) => `${head}: `,
  },
  {
    line: pattern(`^(?<head>given\\s+set\\s+${name}\\s+)(?<wrong>contains?|includes?|holds?|is|==?)(?=\\s+["[])`),
    code: STEP,
    message: "what a live set holds stands behind `has`",
    instead: ({ head = "" }) => `${head}has`,
  },
  {
    line: pattern(`^delegate\\s+to\\s+(?<agent>${name})\\s*(?<wrong>\\{).*$`),
    code: STEP,
    message: "a delegation has no braces: what follows is done by the other agent, up to `return`",
    advice: ({ agent = "" }) =>
      `write \`delegate to ${agent}\` on a line of its own, its calls below, and \`return\` behind them`,
  },
  {
    line: pattern(`^(?<claim>.+?)\\s*=>\\s*(?<bound>at\\s+(?:least|most)\\s+.+?)\\s+(?<wrong>(?:when|unless)\\s+.+)$`),
    code: STEP,
    message: "the condition of a claim stands before `=>`",
    instead: ({ claim = "", bound = "", wrong = "" }) => `${claim} ${wrong} => ${bound}`,
  },
  {
    line: pattern(`^(?<claim>.+?=>\\s*)(?<wrong>(?<tier>allow|notify|ask|never)\\b.*)$`),
    code: STEP,
    message: "a claim holds of every request, so it says how strict the answer is `at least` or `at most`",
    instead: ({ claim = "", wrong = "", tier = "" }) => `${claim}at ${tier === "allow" ? "most" : "least"} ${wrong}`,
    needs: /`at least` or `at most`/,
  },
  {
    line: pattern(`^${dotted}\\s*\\(.*\\)\\s*=>.*$`),
    code: STEP,
    message: "a test begins with the agent whose calls these are",
    advice: "write `agent NAME` before the first call",
    needs: /expected `agent`/,
  },
];

/** The arguments behind the parameters' names, or behind `NAME` where those can't be told. */
function named(args: string, names: readonly string[]): string {
  const each = args.match(new RegExp(`(?:${text}|${list}|[^,"\\[])+`, "g")) ?? [];
  return each
    .map((one, index) =>
      /^\s*[A-Za-z_][\w-]*\s*:/.test(one) ? one.trim() : `${names[index] ?? "NAME"}: ${one.trim()}`,
    )
    .join(", ");
}
