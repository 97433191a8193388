/** What proofs, tests and breakers state, as people first write it. */
import { dotted, type Habit, name, pattern, RULE, SETTING, STEP, text } from "./habit.ts";

const selector = `(?:${dotted}(?:\\.\\*)?|\\*)`;

export const claimHabits: readonly Habit[] = [
  {
    line: pattern(`^(?<head>no\\s+agent\\s+(?:can|may))\\s+(?<wrong>do|ever|call|use|run)\\s+(?=${selector}\\b)`),
    code: STEP,
    message: "behind `no agent can` stand the actions",
    instead: () => "no agent can ",
  },
  {
    line: pattern(`^no\\s+agent\\s+can\\s+${selector}(?<wrong>\\s*,)`),
    code: STEP,
    message: "what no single agent can have together is joined by `and`",
    advice: "write `no agent can ACTION and ACTION`",
  },
  {
    line: pattern(`^(?<wrong>never|deny|forbid)\\s+(?<what>${selector})(?<when>\\s+when\\s.*)?$`),
    code: STEP,
    message: "a claim is no rule: what it says stands behind `=>`",
    instead: ({ what = "", when = "" }) => `${what}${when} => at least never`,
    needs: /expected a claim/,
  },
  {
    line: pattern(
      `^(?<wrong>(?:always\\s+)?(?:ask|notify)(?:\\s+for)?)\\s+(?<what>${selector})(?<when>\\s+when\\s.*)?$`,
    ),
    code: STEP,
    message: "a claim is no rule: what it says stands behind `=>`",
    instead: ({ wrong = "", what = "", when = "" }) =>
      `${what}${when} => at least ${wrong.includes("notify") ? "notify" : "ask"}`,
    needs: /expected a claim/,
  },
  {
    line: pattern(`^(?<wrong>${name}\\s+(?:can\\s*not|can't|cannot|must\\s+not|never)\\b\\s*)(?<what>${selector})$`),
    code: STEP,
    message: "a claim holds of every agent",
    instead: ({ what = "" }) => `${what} => at least never`,
    needs: /expected a claim/,
    guess: true,
  },
  {
    line: pattern("=>\\s*(?<wrong>at(?<which>least|most)|minimum|min|maximum|max)\\s+(?=allow|notify|ask|never)"),
    code: STEP,
    message: "how strict an answer is stands behind `at least` or `at most`",
    instead: ({ wrong = "", which }) => `=> at ${which ?? (wrong.startsWith("min") ? "least" : "most")} `,
  },
  {
    line: pattern(`^(?<head>agent\\s+${name}\\s+for)\\s+(?<wrong>${name})(?=\\s|$)`),
    code: STEP,
    message: "behind `for` stands one person, by address and in quotes",
    instead: ({ head = "" }) => `${head} "name@example.com"`,
    guess: true,
  },
  {
    line: pattern(`^agent\\s+${name}\\b.*?\\bat\\s+(?<wrong>"?\\d{1,2}:\\d\\d(?::\\d\\d)?"?)(?=\\s|$)`),
    code: STEP,
    message: "a test is played at a moment, which is a day and a time",
    advice: "write `at 2026-11-23T23:00:00Z`",
  },
  {
    line: pattern(`^(?<wrong>(?:agent|as)\\s+${name})\\b.*$`),
    code: STEP,
    message: "a test plays one agent",
    advice: "begin another `test` for the other agent; one that this agent has called stands behind `delegate to`",
    needs: /step of the test/,
  },
  {
    line: pattern(
      `^(?<call>${dotted}\\(.*\\))\\s*(?<wrong>(?:x|\\*|×)\\s*(?<times>\\d+)|(?<number>\\d+)\\s*(?:x|times))\\s*(?==>)`,
    ),
    code: STEP,
    message: "how often a call is made stands before it",
    instead: ({ call = "", times, number }) => `repeat ${times ?? number ?? "2"}: ${call} `,
  },
  {
    line: pattern(`^(?<wrong>given\\s+(?<what>task|requester|user|time|clock))\\b.*`),
    code: STEP,
    message: "for whom, when and with which task a test is played stands behind its agent",
    advice: 'write `agent NAME for "name@example.com" at 2026-11-23T10:00:00Z task "…"`, as far as it matters',
  },
  {
    line: pattern(`^approved\\s+(?<wrong>(?:by|from|via)\\s+(?:${text}|${name}))\\s+(?=${dotted}\\()`),
    code: STEP,
    message: "a call that is `approved` has every approval that it needs",
    instead: () => "approved ",
  },
  {
    line: pattern(`=>\\s*ask\\s+(?<wrong>(?:by|from|for)\\s+)?(?<approval>(?!via\\b)${name})$`),
    code: STEP,
    message: "the approval stands behind `via`",
    instead: ({ approval = "" }) => `=> ask via ${approval}`,
  },
  {
    line: pattern('^breaker\\b.*\\btell\\s+(?<wrong>"[^"]*"|#\\w+)'),
    code: RULE,
    message: "`tell` names a channel, not an address",
    advice: 'declare `channel ops = slack secret "SLACK_OPS_WEBHOOK"`, and write `tell ops`',
  },
  {
    line: pattern("^(?:breaker\\b.*\\b)?when\\s+(?<wrong>\\d+%\\s+denied)\\b"),
    code: RULE,
    message: "of denials the number counts; a share is counted of what failed",
    advice: "write `5 denied in 1m`, or `20% failed in 10m of at least 50`",
  },
  {
    line: pattern("^(?:breaker\\b.*\\b)?when\\s+(?<wrong>\\d+\\s+(?:calls|actions|requests))\\b"),
    code: RULE,
    message: "how many calls there may be, a limit says",
    advice: "write `limit * to 500 in 1m per session`, or watch for what is unusual: `5x usual calls in 1h per agent`",
  },
  {
    line: pattern(
      "^(?:breaker\\b.*\\b)?when\\s+(?<wrong>(?<what>denied|failed)\\s*(?:>=?|over|above)\\s*(?<n>\\d+))\\s+(?=in\\b)",
    ),
    code: RULE,
    message: "the number stands before what is counted",
    advice: "write `5 denied in 1m`",
  },
  {
    line: pattern(
      "(?<before>[(,]\\s*)(?<wrong>optional\\s+)(?<param>[\\w-]+)\\s*:\\s*(?<type>[\\w-]+(?:\\([^()]*\\))?)",
    ),
    code: SETTING,
    message: "an optional parameter has `?` behind its type",
    instead: ({ before = "", param = "", type = "" }) => `${before}${param}: ${type}?`,
  },
  {
    line: pattern("^action\\s+[^()]*\\((?:[^()]|\\([^()]*\\))*\\)[^{]*(?<wrong>\\{)\\s*(?:.*\\})?$"),
    code: SETTING,
    message: "an action has no block",
    advice: "leave out the braces: `is`, `on` and `yields` stand below the action, and who may do it, a role says",
  },
  {
    line: pattern(
      `^(?:action\\b.*?)??(?<wrong>\\b(?:requires?|needs?)\\s+(?:an?\\s+)?(?:approval|confirmation)(?:\\s+(?:by\\s+|from\\s+|via\\s+)?${name})?)$`,
    ),
    code: SETTING,
    message: "that people are asked about an action, a rule says",
    advice: "write `ask ACTION via APPROVAL` in a role, or in `every agent` for all of them",
  },
  {
    line: pattern(
      "^(?<head>action\\s+[^()]*\\((?:[^()]|\\([^()]*\\))*\\))(?<wrong>\\s*(?:->|=>|:|returns?\\b)\\s*.+)$",
    ),
    code: SETTING,
    message: "what a tool gives back isn't declared; the labels that a session picks up by it are",
    instead: ({ head = "" }) => head,
    advice: ", and `yields LABEL` below it",
  },
  {
    line: pattern(`^(?<wrong>agents?|on\\s+behalf\\s+of)\\s+(?=${name}(?:\\s*,\\s*${name})*$)`),
    code: SETTING,
    message: "the agents that a gateway may ask for stand behind `for`",
    instead: () => "for ",
    needs: /`for` and agents/,
  },
];
