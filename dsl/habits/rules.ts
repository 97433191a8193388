/** Rules as other policy languages have them. */
import { wordHere } from "../grammar/elsewhere.ts";
import { dotted, type Habit, name, pattern, RULE, text } from "./habit.ts";

const tiers = "allow|notify|ask|never|deny|permit|forbid|block|reject|grant";
const selector = `(?:${dotted}(?:\\.\\*)?|\\*)`;

export const ruleHabits: readonly Habit[] = [
  {
    line: pattern(
      `^(?<wrong>if)\\b\\s*(?<condition>.+?)\\s*(?:[:{]|\\bthen\\b|(?=\\b(?:${tiers})\\b))\\s*(?<tier>${tiers})\\s+(?<rest>${selector})\\s*\\}?$`,
      "i",
    ),
    code: RULE,
    message: "a rule begins with its tier; its condition comes behind",
    instead: ({ condition = "", tier = "", rest = "" }) => `${tierOf(tier)} ${rest} when ${bare(condition)}`,
  },
  {
    line: pattern("^(?<wrong>if)\\b.*", "i"),
    code: RULE,
    message: "a rule begins with its tier, not with `if`",
    advice: "write `allow ACTION when CONDITION`",
  },
  {
    line: pattern(`^(?<wrong>permit|forbid)\\s*\\(.*?\\baction\\s*(?:==|in)\\s*(?:Action::)?"(?<action>[\\w.]+)".*`),
    code: RULE,
    message: "a rule names actions; whose rule it is, its role or agent says",
    instead: ({ wrong = "", action = "" }) => `${tierOf(wrong)} ${action} when CONDITION`,
    guess: true,
  },
  {
    line: pattern(
      `^(?<wrong>(?:require|requires|needs?)\\s+(?:an?\\s+)?(?:approval|confirmation|human)(?:\\s+(?:from|by|of)\\s+(?<who>${name}))?(?:\\s+(?:for|on|to|before))?)\\s+(?<action>${selector})(?:\\s+via\\s+(?<via>${name}))?$`,
    ),
    code: RULE,
    message: "a rule that asks people begins with `ask`",
    instead: ({ action = "", via }) => `ask ${action} via ${via ?? "APPROVAL"}`,
    guess: true,
  },
  {
    line: pattern(`^ask\\s+(?<wrong>${name}\\s+(?:before|for|about))\\s+(?<action>${selector})$`),
    code: RULE,
    message: "behind `ask` stands the action; who is asked, its approval says",
    instead: ({ action = "" }) => `ask ${action} via APPROVAL`,
    guess: true,
  },
  {
    line: pattern('\\bvia\\s+(?<wrong>"?[\\w.+-]{1,64}@[\\w.-]+\\w"?)'),
    code: RULE,
    message: "`via` names an approval, not a person",
    advice: "declare `approval NAME { approvers GROUP }`, the person in that group, and write `via NAME`",
  },
  {
    line: pattern('^notify\\b.*\\bto\\s+(?<wrong>"[^"]*"|#\\w+|[\\w.+-]{1,64}@[\\w.-]+\\w)$'),
    code: RULE,
    message: "`to` names a channel, not an address",
    advice: 'declare `channel ops = slack secret "SLACK_OPS_WEBHOOK"`, and write `to ops`',
  },
  {
    line: pattern(
      `^(?<tier>${tiers})\\s+(?<action>${selector})\\s+(?<wrong>to)\\s+(?=${dotted}(?:\\.\\w+)*\\s*(?:==|!=|<|>|in\\b|is\\b|like\\b|contains\\b))`,
    ),
    code: RULE,
    message: "behind `to` stand the channels that are told; a condition stands behind `when`",
    instead: ({ tier = "", action = "" }) => `${tierOf(tier)} ${action} when `,
  },
  {
    line: pattern(`^(?<wrong>-)\\s*(?=(?:trial|allow|notify|ask|never|limit|deny|permit)\\b)`),
    code: RULE,
    message: "rules stand one to a line, without `-`",
    instead: () => "",
  },
  {
    line: pattern(`^(?<tier>${tiers})(?<wrong>\\s*:)$`),
    code: RULE,
    message: "what a rule is about stands on its own line, not in a list below",
    instead: ({ tier = "" }) => `${tierOf(tier)} ACTION, ACTION`,
    guess: true,
  },
  {
    line: pattern(`^-\\s*(?:${selector}|${text})$`),
    code: RULE,
    message: "lists aren't written with `-`",
    advice: "separate what belongs to a list with commas",
    goesOn: true,
  },
  {
    line: pattern(`^(?<tier>${tiers})\\s*:?\\s*(?<wrong>\\[(?<list>[^\\[\\]]*)\\])`),
    code: RULE,
    message: "several actions are separated by commas, without brackets",
    instead: ({ tier = "", list = "" }) => `${tierOf(tier)} ${list.replaceAll('"', "").trim()}`,
  },
  {
    line: pattern(
      `^(?<tier>${tiers})\\s+(?<list>${selector}(?:\\s+(?:and|or)\\s+${selector})+)(?=$|\\s+(?:on|when|unless|to|via|until)\\b)`,
    ),
    code: RULE,
    message: "several actions are separated by commas",
    instead: ({ tier = "", list = "" }) => `${tierOf(tier)} ${list.replace(/\s+(?:and|or)\s+/g, ", ")}`,
  },
  {
    line: pattern(
      `^(?<first>(?<tier>${tiers})\\s+${selector})\\s*,\\s*(?<wrong>(?:${tiers}))\\s+(?<second>${selector})$`,
    ),
    code: RULE,
    message: "behind the comma stands the next action, without a word before it",
    instead: ({ first = "", tier = "", wrong = "", second = "" }) => (tier === wrong ? `${first}, ${second}` : null),
  },
  {
    line: pattern(`^(?<tier>${tiers})\\s+(?<agent>${name})(?<wrong>\\s+(?:to|can)\\s+)(?<action>${name}\\.${dotted})$`),
    code: RULE,
    message: "a rule doesn't say whose it is: it stands in the agent's block, or in a role of that agent",
    instead: ({ tier = "", action = "" }) => `${tierOf(tier)} ${action}`,
  },
  {
    line: pattern(`^(?<tier>${tiers})\\s+(?<list>${selector}(?:\\s+${name}\\.${dotted})+)$`),
    code: RULE,
    message: "several actions are separated by commas",
    instead: ({ tier = "", list = "" }) => `${tierOf(tier)} ${list.replace(/\s+/g, ", ")}`,
  },
  {
    line: pattern(`^(?<before>(?:${tiers})\\s+${dotted})(?<wrong>\\([^)]*\\))`),
    code: RULE,
    message: "a rule names its action without parentheses; `when` says for which arguments",
    instead: ({ before = "" }) => before,
  },
  {
    line: pattern(`^(?<tier>${tiers})\\s+(?<wrong>${name}(?:[:/]${name})+)(?<all>[:/]\\*)?(?=$|\\s)`),
    code: RULE,
    message: "the parts of an action's name are separated by `.`",
    instead: ({ tier = "", wrong = "", all }) =>
      `${tierOf(tier)} ${wrong.replaceAll(/[:/]/g, ".")}${all === undefined ? "" : ".*"}`,
  },
  {
    line: pattern(`^(?<tier>${tiers})\\s+(?<wrong>/\\^?(?<prefix>${name})\\b.*/)$`),
    code: RULE,
    message: "actions are chosen by name, prefix or class, not by a regular expression",
    instead: ({ tier = "", prefix = "" }) => `${tierOf(tier)} ${prefix}.*`,
    guess: true,
  },
  {
    line: pattern(`^(?<tier>${tiers})\\s+(?<prefix>${dotted})(?<wrong>\\.\\*\\*)`),
    code: RULE,
    message: "a prefix ends in one star, which stands for all that follows",
    instead: ({ tier = "", prefix = "" }) => `${tierOf(tier)} ${prefix}.*`,
  },
  {
    line: pattern(`^(?<tier>${tiers})\\s+(?<wrong>\\*\\.)(?<class>read|write|delete|external|spend|admin|execute)\\b`),
    code: RULE,
    message: "a name can't begin with `*`; what actions have in common is their class",
    instead: ({ tier = "", class: kind = "" }) => `${tierOf(tier)} ${kind}`,
    guess: true,
  },
  {
    line: pattern("^(?<wrong>--+)\\s*"),
    code: RULE,
    message: "a comment doesn't begin with `--`",
    instead: () => "// ",
  },
  {
    line: pattern("(?<wrong>\\bexcept\\s+(?:when|if))\\b"),
    code: RULE,
    message: "`except` is for actions; the exception by a condition is `unless`",
    instead: () => "unless",
  },
  {
    line: pattern("^(?:trial\\s+)?(?:allow|notify|ask|never)\\s.+"),
    code: 1108,
    message: ({ 0: line = "" }) =>
      (line.match(/\s(?:when|unless)\s/g)?.length ?? 0) > 1
        ? "a rule has one condition"
        : "the clauses of a rule stand in another order",
    instead: ({ 0: line = "" }) => inOrder(line),
  },
  {
    line: pattern(`^(?<wrong>effect)\\s*[=:]\\s*"?(?<tier>\\w+)"?,?$`, "i"),
    code: RULE,
    message: "a rule begins with its tier and names its actions on the same line",
    instead: ({ tier = "" }) => `${tierOf(tier)} ACTION`,
    guess: true,
  },
  {
    line: pattern(`^(?<tier>allow|notify|ask|never)\\b.*?\\s(?<wrong>in)\\s+"[^"]*[/*][^"]*"`),
    code: RULE,
    message: "the resources of a rule stand behind `on`",
    instead: ({ 0: whole = "" }) => whole.replace(/\sin(?=\s+"[^"]*"$)/, " on"),
  },
];

/** Elsewhere's word as ours, ours as it is. */
function tierOf(word: string): string {
  return wordHere(word) ?? word.toLowerCase();
}

/** Without the parentheses around all of it. */
function bare(condition: string): string {
  return /^\(([^()]*)\)$/.exec(condition)?.[1]?.trim() ?? condition;
}

const order = ["on", "when", "to", "via", "until"];

/** The same clauses in the order of the grammar, two conditions joined to one; null where that changes nothing. */
function inOrder(line: string): string | null {
  const [head = "", ...clauses] = line.split(/\s+(?=(?:on|when|unless|to|via|until)\s)(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const by = new Map<string, string[]>();
  for (const clause of clauses) {
    const word = clause.startsWith("unless") ? "when" : (/^\w+/.exec(clause)?.[0] ?? "");
    by.set(word, [...(by.get(word) ?? []), clause]);
  }
  if ([...by].some(([word, found]) => found.length > (word === "when" ? 2 : 1))) return null;
  const conditions = joined(by.get("when") ?? []);
  const sorted = order.flatMap((word) => (word === "when" ? conditions : (by.get(word) ?? [])));
  const result = [head, ...sorted].join(" ");
  return result === line.replace(/\s+/g, " ") ? null : result;
}

/** `when a unless b` is `when a and not (b)`. */
function joined(clauses: readonly string[]): readonly string[] {
  if (clauses.length < 2) return clauses;
  const parts = clauses.map((clause) => {
    const condition = clause.replace(/^(?:when|unless)\s+/, "");
    const compound = / (?:and|or) /.test(condition);
    if (clause.startsWith("unless")) return `not (${condition})`;
    return compound ? `(${condition})` : condition;
  });
  return [`when ${parts.join(" and ")}`];
}
