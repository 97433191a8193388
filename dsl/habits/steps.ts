/** Steps of tests as other test languages have them. */
import { dotted, type Habit, pattern, STEP, value } from "./habit.ts";

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
    line: pattern(`^(?<action>${dotted})\\s*\\(\\s*(?<wrong>${value})\\s*[,)].*=>.*$`),
    code: STEP,
    message: "each argument stands behind its name",
    instead: ({ action = "", wrong = "" }) => `${action}(NAME: ${wrong}) => …`,
    guess: true,
  },
  {
    line: pattern(`^${dotted}\\s*\\(.*\\)\\s*=>.*$`),
    code: STEP,
    message: "a test begins with the agent whose calls these are",
    advice: "write `agent NAME` before the first call",
    needs: /expected `agent`/,
  },
];
