/** What stands behind the action of a rule or a limit, as people first write it. */
import { CONDITION, dotted, type Habit, LIMIT, name, pattern, RULE } from "./habit.ts";

const grants = "(?:trial\\s+)?(?:allow|notify|ask|never)";

export const clauseHabits: readonly Habit[] = [
  {
    line: pattern(`^(?<tier>${grants})\\s+(?<wrong>only|just|any|all|every|each|the)\\s+(?=${dotted}\\b)`),
    code: RULE,
    message: "behind the tier stands the action; what no rule grants is denied anyway",
    instead: ({ tier = "" }) => `${tier} `,
  },
  {
    line: pattern(`\\bvia\\s+${name}(?<wrong>\\s+(?:twice|both|x\\s*\\d|\\*\\s*\\d|by\\s+\\d.*))$`),
    code: RULE,
    message: "how many people have to agree, the approval says",
    advice: "write `quorum 2` in the approval, and only its name here",
  },
  {
    line: pattern(`\\bvia\\s+${name}\\s+(?<wrong>or)\\s+${name}`),
    code: RULE,
    message: "a request needs each approval that is named",
    advice: "write one approval whose `approvers` are all the groups that may decide: `approvers leads, finance`",
  },
  {
    line: pattern(
      `^(?<head>${grants}\\s+${dotted}(?:\\.\\*)?)\\s+(?<wrong>(?<how>at|during|on|outside(?:\\s+of)?|not\\s+during|except\\s+during)\\s+(?<when>${name}))(?=\\s*$|\\s+via\\b|\\s+to\\b)`,
    ),
    code: RULE,
    message: "when a rule holds, its condition says",
    instead: ({ head = "", how = "", when = "" }) =>
      `${head} when ${/^(?:out|not|except)/.test(how) ? "not " : ""}during ${when}`,
    needs: /can't stand here|double quotes/,
    guess: true,
  },
  {
    line: pattern(`^(?<head>${grants}\\s+${dotted}(?:\\.\\*)?)\\s+(?<wrong>after)\\s+(?<earlier>${dotted})$`),
    code: RULE,
    message: "what was done before, a condition asks about",
    instead: ({ head = "", earlier = "" }) => `${head} when session did ${earlier}`,
    guess: true,
  },
  {
    line: pattern("^(?:trial\\s+)?(?:allow|notify)\\b.*\\b(?<wrong>from\\s+\\d{4}-\\d\\d-\\d\\d)"),
    code: RULE,
    message: "a rule has an end, and holds from its deployment on",
    advice: "delete it, or write `when request.time >= 2026-12-01`",
  },
  {
    line: pattern('\\buntil\\s+(?<wrong>"?\\d{1,2}:\\d\\d"?)'),
    code: RULE,
    message: "a rule ends on a day; hours of the day are a schedule's",
    advice: 'declare `schedule NAME = mon-fri 09:00-18:00 "Europe/Berlin"`, and write `when during NAME`',
  },
  {
    line: pattern(
      `^(?<wrong>cooldown|cool_down|debounce|throttle|wait)\\s+(?<action>${dotted}(?:\\.\\*)?)\\s+(?:for\\s+)?(?<length>\\d+[smhd])$`,
    ),
    code: LIMIT,
    message: "time between two actions is a limit to one of them in so long",
    instead: ({ action = "", length = "" }) => `limit ${action} to 1 in ${length} per agent`,
    guess: true,
  },
  {
    line: pattern("^(?:trial\\s+)?limit\\b.*?(?<wrong>\\s+burst\\s+\\d+.*)$"),
    code: LIMIT,
    message: "a limit has no burst: it holds in every interval of its length",
    advice: "delete it; a second limit over another time can stand beside this one",
  },
  {
    line: pattern("(?<head>^(?:trial\\s+)?limit\\b.*?)(?<wrong>\\s+then\\s+(?:deny|denied|never|block|stop|reject))$"),
    code: LIMIT,
    message: "over a limit it is denied, so that isn't said",
    instead: ({ head = "" }) => head,
    needs: /ask via/,
  },
  {
    line: pattern("^(?:trial\\s+)?limit\\b.*?(?<wrong>\\s+then\\s+(?:notify|tell|alert|log|warn|kill|freeze)\\b.*)$"),
    code: LIMIT,
    message: "a limit denies or asks; it tells nobody and stops nothing",
    advice:
      "delete it, or write `then ask via APPROVAL`; a `breaker` tells and kills: `breaker NAME { when 5 denied in 1m per agent then tell ops }`",
  },
  {
    line: pattern(
      "^(?:trial\\s+)?limit\\b.*?(?<wrong>\\bconcurrent(?:ly)?\\b|\\bat\\s+(?:once|a\\s+time)\\b|\\bin\\s+parallel\\b).*$",
    ),
    code: LIMIT,
    message: "a limit counts what was begun in a time, not what runs at once",
    advice: "write `limit ACTION to 3 in 10m per agent`",
  },
  {
    line: pattern(
      `^(?<trial>trial\\s+)?limit\\s+(?<wrong>(?:total|sum)\\s+(?<action>${dotted})\\s+args\\.(?<arg>${name}))\\s+(?=to\\b)`,
    ),
    code: LIMIT,
    message: "what is summed stands behind the action",
    instead: ({ trial = "", action = "", arg = "" }) => `${trial}limit ${action} total args.${arg} `,
  },
  {
    line: pattern("\\bper\\s+(?<wrong>args\\.(?<arg>[\\w-]+))(?!\\s*,)"),
    code: LIMIT,
    message: "first stands for whom is counted; a count for each value comes behind",
    instead: ({ arg = "" }) => `per agent, args.${arg}`,
    guess: true,
  },
  {
    line: pattern("^(?:trial\\s+)?limit\\s+(?<wrong>distinct|unique)\\b.*"),
    code: LIMIT,
    message: "a limit counts actions or sums an argument; it doesn't count different values",
    advice: "write `limit ACTION to 5 in 1h per agent`, or a count for each value: `per agent, args.NAME`",
  },
  {
    line: pattern(`\\bsession\\s+has\\s+(?<wrong>(?<open>[([])(?<labels>\\s*${name}(?:\\s*,\\s*${name})*\\s*)[)\\]])`),
    code: CONDITION,
    message: "`session has` asks about one label",
    instead: ({ labels = "" }) =>
      `(${labels
        .split(",")
        .map((label) => `session has ${label.trim()}`)
        .join(" or ")})`,
    guess: true,
  },
  {
    line: pattern(
      `(?<head>\\bsession\\s+did\\s+${dotted}(?:\\.\\*)?)\\s+(?<wrong>(?:with\\s+|for\\s+)?(?:the\\s+)?same\\s+(?:args\\.)?(?<arg>${name}))(?=\\s|$)`,
    ),
    code: CONDITION,
    message: "arguments that have to be the same stand in parentheses",
    instead: ({ head = "", arg = "" }) => `${head} same (${arg})`,
  },
  {
    line: pattern(
      `(?<head>\\bsession\\s+did\\s+${dotted}(?:\\.\\*)?)\\s+(?<wrong>(?<within>within\\s+\\d+[smhd])\\s+(?<same>same\\s*\\([^()]*\\)))`,
    ),
    code: CONDITION,
    message: "`same` stands before `within`",
    instead: ({ head = "", within = "", same = "" }) => `${head} ${same} ${within}`,
  },
  {
    line: pattern(`\\b(?<wrong>prompt|request|user|message|conversation|goal|input)\\s+mentions\\s+(?=args\\.)`),
    code: CONDITION,
    message: "what the user asked for is the task",
    instead: () => "task mentions ",
  },
  {
    line: pattern(
      `\\brequester\\s+(?<wrong>(?:has|in|is\\s+(?:in|member\\s+of|a\\s+member\\s+of))\\s+(?:the\\s+)?(?:group|role)\\s+"?(?<group>${name})"?)`,
    ),
    code: CONDITION,
    message: "whether somebody is in a group, `in` asks",
    instead: ({ group = "" }) => `requester.id in ${group}`,
  },
  {
    line: pattern("\\b(?<wrong>requester\\s+(?:is|==)\\s+(?:the\\s+)?owner)\\b"),
    code: CONDITION,
    message: "an owner is a group, and `in` asks whether somebody is in it",
    advice: "write `requester.id in GROUP` with the group that owns the agent",
  },
  {
    line: pattern(
      `\\b(?<wrong>(?<quantifier>every|some|all|any)\\s+(?<list>args(?:\\.${name})+))\\s+(?=in\\b|like\\b|==|!=)`,
    ),
    code: CONDITION,
    message: "each element gets a name, about which the condition asks",
    instead: ({ quantifier = "", list = "" }) =>
      `${/^(?:every|all)$/.test(quantifier) ? "every" : "some"} x in ${list}: x `,
  },
];
