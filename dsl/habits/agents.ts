/** What agents, approvals and the people about them are said to be, as people first write it. */
import { type Habit, name, pattern, SETTING, text } from "./habit.ts";

export const agentHabits: readonly Habit[] = [
  {
    line: pattern(`^(?<wrong>(?:can|could|allow|allowed\\s+to|permit)\\s+(?<what>call|become))\\s+(?=${name}\\b)`),
    code: SETTING,
    message: ({ what = "" }) => `an agent is given leave to ${what} with \`may\``,
    instead: ({ what = "" }) => `may ${what} `,
  },
  {
    line: pattern(`^may\\s+(?<wrong>delegate(?:\\s+to)?|invoke|use|ask)\\s+(?=${name}\\s+for\\b)`),
    code: SETTING,
    message: "an agent that has another do something calls it",
    instead: () => "may call ",
  },
  {
    line: pattern(`^may\\s+(?<wrong>elevate\\s+to|assume|gain|escalate\\s+to|be)\\s+(?=${name}\\s+via\\b)`),
    code: SETTING,
    message: "an agent that gains a role for a time becomes it",
    instead: () => "may become ",
  },
  {
    line: pattern(
      `^(?<head>may\\s+become\\s+${name}\\s+via\\s+${name})\\s+(?<wrong>until|in|within|during)\\s+(?=\\d+[smhd]$)`,
    ),
    code: SETTING,
    message: "how long a role is gained stands behind `for`",
    instead: ({ head = "" }) => `${head} for `,
  },
  {
    line: pattern("^(?<wrong>requires?\\s+(?:an?\\s+)?(?:requester|user|person|human))$"),
    code: SETTING,
    message: "that a person has to stand behind a session is said the other way round",
    instead: () => "requester required",
  },
  {
    line: pattern("^(?<word>requester|reason)\\s*[:=]?\\s*(?<wrong>optional|allowed|false|no|none)$"),
    code: SETTING,
    message: ({ word = "" }) => `a ${word} is optional unless it is \`required\``,
    advice: "delete the line",
  },
  {
    line: pattern("^excluding\\s+(?<wrong>(?:the\\s+)?(?:requesters?|self|author))$"),
    code: SETTING,
    message: "the requester never approves, unless `approvers` names `requester`",
    advice: "delete the line; `excluding owners` shuts the agent's owners out too",
  },
  {
    line: pattern("^quorum\\s+(?<wrong>all|any|majority|both|one|two|three|unanimous)$"),
    code: SETTING,
    message: "a quorum is a number, how many of the approvers have to agree",
    instead: ({ wrong = "" }) => `quorum ${{ both: 2, two: 2, three: 3, any: 1, one: 1 }[wrong] ?? "2"}`,
    guess: true,
  },
  {
    line: pattern(
      "^(?<wrong>(?:on[ _]?(?:timeout|expiry)|timeout)\\s*[:=]?\\s*(?:allow|approve|deny|denied|reject|never))$",
    ),
    code: SETTING,
    message: "what nobody decides in time is denied; that can't be set",
    advice: "delete the line; `within 30m` says how long people have",
  },
  {
    line: pattern(`^owner\\s+(?:${name}|${text})(?<wrong>\\s*(?:,|and\\b).*)$`),
    code: SETTING,
    message: "an agent has one owner, a group or an address",
    advice: "declare a group of them all, and write `owner GROUP`",
  },
  {
    line: pattern(
      `^(?<wrong>(?:expires?|valid|ends)(?:\\s+(?:on|by|at|until))?)\\s*[:=]?\\s*(?=\\d{4}-\\d\\d-\\d\\d$)`,
    ),
    code: SETTING,
    message: "an agent acts until its review is due",
    instead: () => "review by ",
    guess: true,
  },
  {
    line: pattern(`^(?<head>identity\\s+oidc\\s+${text}\\s*\\{(?:.*?[\\s{])??${name})(?<wrong>\\s*(?:==?|:)\\s*)(?=")`),
    code: SETTING,
    message: "a claim and its value stand side by side, without a sign between",
    instead: ({ head = "" }) => `${head} `,
  },
  {
    line: pattern(
      `^identity\\s+oidc\\s+${text}\\s*\\{.*?(?<wrong>\\b(?:like|matches|starts\\s+with|contains)\\s+${text})`,
    ),
    code: SETTING,
    message: "a claim is one of a few known values, not a pattern",
    advice: 'write `claim "value"`, or `claim in SET` for one of several',
  },
  {
    line: pattern(
      `^(?<head>identity\\s+oidc\\s+${text})\\s+(?<wrong>(?<claim>(?!in\\b)${name})\\s*[:=]?\\s*(?<held>${text}))$`,
    ),
    code: SETTING,
    message: "the claims of an identity stand in braces",
    instead: ({ head = "", claim = "", held = "" }) => `${head} { ${claim} ${held} }`,
  },
  {
    line: pattern('^channel\\s+(?<called>[\\w-]+)\\s*=\\s*(?<wrong>"[^"]*")$'),
    code: SETTING,
    message: "a channel is of some kind, and what opens it is a secret of the edge",
    instead: ({ called = "" }) => `channel ${called} = slack secret "SECRET_NAME"`,
    guess: true,
  },
  {
    line: pattern(`^live\\s+set\\s+(?<called>${name})\\s+editors\\s+[\\w,\\s-]+?(?<wrong>\\s*=.*)$`),
    code: SETTING,
    message: "what is in a live set isn't written in the policy",
    advice: ({ called = "" }) =>
      `delete it; \`agentpolicy sets add ${called} VALUE --reason …\` fills the set at an edge`,
  },
  {
    line: pattern(
      `^(?<head>schedule\\s+${name}\\s*=\\s*(?<days>[a-z-]+(?:\\s*,\\s*[a-z-]+)*)\\s+[\\d:]+-[\\d:]+)(?<wrong>\\s*(?:,|and|\\s)\\s*)(?=\\d\\d:\\d\\d-\\d\\d:\\d\\d\\s*"[^"]*"$)`,
    ),
    code: SETTING,
    message: "each time of a schedule names its days",
    instead: ({ head = "", days = "" }) => `${head}, ${days} `,
    guess: true,
  },
];
