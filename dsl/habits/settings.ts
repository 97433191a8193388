/** Declarations and their settings as configuration files have them. */
import { meantDay, monthNames } from "./days.ts";
import { type Habit, name, pattern, SETTING } from "./habit.ts";

const lists = "environments|roles|operators|auditors|deployers|approvers|tell";
const address = "[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8}";

/** Settings that are called otherwise elsewhere. */
const settings: ReadonlyMap<string, string> = new Map(
  Object.entries({
    purpose: ["description", "desc", "summary", "about", "goal"],
    within: ["timeout", "expires", "expiry", "ttl", "deadline"],
    approvers: ["approver", "from", "reviewers", "reviewer", "who"],
    quorum: ["min_approvals", "approvals", "count", "required_approvals"],
    tell: ["channel", "channels", "notify"],
    roles: ["role", "permissions", "policies"],
    owner: ["owners", "team", "contact", "maintainer"],
    environments: ["environment", "env", "envs", "stages"],
  }).flatMap(([ours, theirs]) => theirs.map((word): [string, string] => [word, ours])),
);

/** The setting that a word like `description` or `timeout` stands for. */
function settingHere(word: string): string | null {
  return settings.get(word.toLowerCase()) ?? null;
}

const schedule = `^(?<head>schedule\\s+${name}\\s*=\\s*)`;

export const settingHabits: readonly Habit[] = [
  {
    line: pattern(
      `^(?<word>${lists})\\s*[=:]?\\s*(?<wrong>\\[(?<items>[^\\[\\]]*)\\]|"[\\w-]+"(?:\\s*,\\s*"[\\w-]+")*)$`,
    ),
    code: SETTING,
    message: ({ word = "" }) => `behind \`${word}\` stand names, without brackets or quotes`,
    instead: ({ word = "", items, wrong = "" }) => `${word} ${(items ?? wrong).replaceAll('"', "").trim()}`,
  },
  {
    line: pattern(`^(?<kind>role|agent|approval|group|set|schedule|channel|label)\\s+(?<wrong>"(?<called>[^"]*)")`),
    code: SETTING,
    message: ({ kind = "" }) => `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}'s name stands without quotes`,
    instead: ({ kind = "", called = "" }) => {
      const plain = called.trim().replace(/[^\w-]+/g, "_");
      return /^[A-Za-z_]/.test(plain) ? `${kind} ${plain}` : null;
    },
  },
  {
    line: pattern(
      `^(?<kind>role|agent|approval|group|set|schedule|channel|label)\\s+(?<wrong>${name}(?:\\.${name})+)(?=\\s*[{=])`,
    ),
    code: SETTING,
    message: "only the names of actions have dots",
    instead: ({ kind = "", wrong = "" }) => `${kind} ${wrong.replaceAll(".", "_")}`,
  },
  {
    line: pattern(`^(?<head>group\\s+${name})\\s*=?\\s*(?<wrong>\\{)\\s*(?<items>"[^{}]*)\\}$`),
    code: SETTING,
    message: "the people of a group stand in `[ ]`",
    instead: ({ head = "", items = "" }) => `${head} = [${items.trim()}]`,
  },
  {
    line: pattern(`^(?<head>group\\s+${name})\\s*=?\\s*(?<wrong>\\{)$`),
    code: SETTING,
    message: "a group isn't a block, but a list of people",
    instead: ({ head = "" }) => `${head} = ["ana@acme.example"]`,
    guess: true,
  },
  {
    line: pattern(
      `^(?<head>(?:role|agent|approval|gateway|breaker)\\s+${name}|every\\s+agent|(?:policy|test|prove)\\s+"[^"]*")(?<wrong>\\s*:)$`,
    ),
    code: SETTING,
    message: "a block stands in braces",
    instead: ({ head = "" }) => `${head} {`,
  },
  {
    line: pattern(`^(?<head>group\\s+${name}\\s*)(?<wrong>:)(?=\\s*\\[)`),
    code: SETTING,
    message: "`=` stands before the people of a group",
    instead: ({ head = "" }) => `${head.trim()} =`,
  },
  {
    line: pattern(`^policy\\s+(?<wrong>${name}(?:[.-]${name})*)(?=\\s*\\{)`),
    code: SETTING,
    message: "a policy's name stands in double quotes",
    instead: ({ wrong = "" }) => `policy "${wrong}"`,
  },
  {
    line: pattern(`^identity\\s+key\\s+(?<wrong>"(?<key>[A-Za-z0-9_-]{43})")`),
    code: SETTING,
    message: "before a key stands its kind, `ed25519`",
    instead: ({ key = "" }) => `identity key ed25519 "${key}"`,
  },
  {
    line: pattern(`^identity\\s+key\\s+(?<wrong>"[^"]*")`),
    code: SETTING,
    message: "this is no key that the edge can verify",
    advice: "`agentpolicy keys new NAME` makes an Ed25519 key and prints the line for it",
  },
  {
    line: pattern(`^members\\s*[=:]?.*`),
    code: SETTING,
    message: "a group isn't a block, but a list of people",
    advice: 'write `group NAME = ["ana@acme.example"]`',
    goesOn: true,
  },
  {
    line: pattern(`^(?<head>(?:group|set)\\s+${name}\\s*=\\s*)(?<wrong>"[^"]*"(?:\\s*,\\s*"[^"]*")*)$`),
    code: SETTING,
    message: "several values stand in `[ ]`, and so does a single one",
    instead: ({ head = "", wrong = "" }) => `${head}[${wrong}]`,
  },
  {
    line: pattern(`^(?<head>set\\s+${name}\\s*)[=:]?\\s*(?<wrong>[{(])(?<items>[^{}()]*)[})]$`),
    code: SETTING,
    message: "the values of a set stand in `[ ]`",
    instead: ({ head = "", items = "" }) => `${head.trim()} = [${items.trim()}]`,
  },
  {
    line: pattern(
      `^(?<head>(?:group|set)\\s+${name}\\s*=\\s*)\\[(?<wrong>\\s*[^\\["'\\]\\s,]+(?:\\s*,\\s*[^\\["'\\]\\s,]+)*\\s*)\\]$`,
    ),
    code: SETTING,
    message: "texts and addresses stand in double quotes",
    instead: ({ head = "", wrong = "" }) =>
      `${head}[${wrong
        .split(",")
        .map((item) => `"${item.trim()}"`)
        .join(", ")}]`,
  },
  {
    line: pattern(`(?<before>^|[\\s[,])(?<wrong>${address})`),
    code: SETTING,
    message: "an address stands in double quotes",
    instead: ({ before = "", wrong = "" }) => `${before}"${wrong}"`,
  },
  {
    line: pattern(`^purpose\\s*[=:]?\\s*(?<wrong>[^"'=:\\s][^"]*)$`),
    code: SETTING,
    message: "a text stands in double quotes",
    instead: ({ wrong = "" }) => `purpose "${wrong}"`,
  },
  {
    line: pattern(`^identity\\s+(?<wrong>secret|api_?key|token|password|bearer|apikey|basic)\\b.*`, "i"),
    code: SETTING,
    message: "a policy holds no secrets, and an agent has no password",
    advice:
      '`agentpolicy keys new NAME` makes a pair of keys and prints the line to put here: `identity key ed25519 "…"`',
  },
  {
    line: pattern(`^(?<wrong>secret|api_?key|token|password|apikey)\\b\\s*[=:]?\\s*"[^"]*"$`, "i"),
    code: SETTING,
    message: "a policy holds no secrets, and an agent has no password",
    advice:
      '`agentpolicy keys new NAME` makes a pair of keys and prints the line to put here: `identity key ed25519 "…"`',
  },
  {
    line: pattern(`^review\\s+(?<wrong>"?(?<day>\\d{4}-\\d\\d-\\d\\d)"?)$`),
    code: SETTING,
    message: "`by` is missing before the date",
    instead: ({ day = "" }) => `review by ${day}`,
  },
  {
    line: pattern(`^review\\s+by\\s+(?<wrong>"?(?<day>\\d{4}-\\d\\d-\\d\\d)"?)$`),
    code: SETTING,
    message: "behind `review by` stands a date without quotes",
    instead: ({ day = "" }) => `review by ${day}`,
  },
  {
    line: pattern('\\buntil\\s+(?<wrong>"(?<day>\\d{4}-\\d\\d-\\d\\d[^"]*)")'),
    code: SETTING,
    message: "dates and times stand without quotes",
    instead: ({ day = "" }) => `until ${day}`,
  },
  {
    line: pattern(
      `\\b(?<word>by|until)\\s+(?<wrong>"?(?<date>\\d{1,2}(?:st|nd|rd|th|\\.)?\\s+(?:${monthNames})\\w*\\.?,?\\s+\\d{4}|(?:${monthNames})\\w*\\.?\\s+\\d{1,2}(?:st|nd|rd|th)?,?\\s+\\d{4})"?)`,
      "i",
    ),
    code: SETTING,
    message: "a date is written as year, month and day",
    instead: ({ word = "", date = "" }) => `${word} ${meantDay(date)}`,
  },
  {
    line: pattern("\\b(?:by|until)\\s+(?<wrong>(?:in\\s+)?\\d+\\s*[a-z]+)$"),
    code: SETTING,
    message: "a policy ends on a day, not so long after it was written",
    advice: "write the day itself, as in `2027-01-31`",
  },
  {
    line: pattern("^version\\b.*"),
    code: SETTING,
    message: "a policy has no version; its text is its version",
    advice: "delete the line",
  },
  {
    line: pattern(`^(?<wrong>require\\s+reason|reason(?:\\s*[=:]\\s*|\\s+)(?:true|yes|mandatory))$`),
    code: SETTING,
    message: "that a reason is wanted is said the other way round",
    instead: () => "reason required",
  },
  {
    line: pattern("^(?<head>quorum\\s+\\d+)(?<wrong>\\s+(?:of|out of|/)\\s*\\d+.*)$"),
    code: SETTING,
    message: "a quorum is one number, how many of the approvers have to agree",
    instead: ({ head = "" }) => head,
  },
  {
    line: pattern(`^(?<wrong>(?:default|fallback)\\b\\s*(?:[=:]?\\s*"?\\w+"?)?(?:\\s*:?=\\s*\\w+)?)$`),
    code: SETTING,
    message: "there is no default to set: what no rule grants is denied",
    advice: "delete the line",
  },
  {
    line: pattern(`^(?<wrong>(?:all|any|each)\\s+agents?|every\\s+agents)(?=\\s*\\{)`),
    code: SETTING,
    message: "what holds for all agents stands in `every agent`",
    instead: () => "every agent",
  },
  {
    line: pattern(`^(?<wrong>function|func|fn|def|macro|predicate)\\s+(?<rest>${name}\\s*\\(.*)$`),
    code: SETTING,
    message: "a condition that has a name is a `define`",
    instead: ({ rest = "" }) => `define ${rest}`,
  },
  {
    line: pattern(`^(?<wrong>let|const|var|variable|list)\\s+(?<rest>${name}\\s*=\\s*\\[.*)$`),
    code: SETTING,
    message: "values that have a name are a `set`",
    instead: ({ rest = "" }) => `set ${rest}`,
  },
  {
    line: pattern(
      `^(?<wrong>tool|function|method|operation|api|endpoint|permission)\\s+(?<rest>${name}(?:\\.${name})*.*)$`,
    ),
    code: SETTING,
    message: "what an agent can do is an `action`",
    instead: ({ rest = "" }) => `action ${rest}`,
  },
  {
    line: pattern(`^(?<wrong>users?|person|member|principal)\\b.*\\{$`),
    code: SETTING,
    message: "people aren't declared: who they are, the provider of `people` says",
    advice: 'name them in a group, `group leads = ["ana@acme.example"]`; rules are about agents',
  },
  {
    line: pattern(
      `^(?<head>agent\\s+${name})(?<wrong>\\s*(?:extends|inherits(?:\\s+from)?|includes|:|<)\\s*(?<other>${name}))\\s*\\{$`,
    ),
    code: SETTING,
    message: "an agent with the roles and rules of another is `like` it",
    instead: ({ head = "", other = "" }) => `${head} like ${other} {`,
  },
  {
    line: pattern(
      `^(?<head>role\\s+(?<role>${name}))(?<wrong>\\s*(?:extends|inherits(?:\\s+from)?|includes|like|:|<)\\s*(?<other>${name}))\\s*\\{$`,
    ),
    code: SETTING,
    message: "a role takes no rules of another; an agent has several roles",
    instead: ({ head = "" }) => `${head} {`,
    advice: ({ role = "", other = "" }) => `, and give the agent both: \`roles ${other}, ${role}\``,
    guess: true,
  },
  {
    line: pattern(
      `^(?<wrong>(?:include|includes|inherit|inherits|extends|extend|use)s?(?:\\s+(?:from|role))?\\s+(?<other>${name}))$`,
    ),
    code: SETTING,
    message: "a role takes no rules of another; an agent has several roles",
    advice: ({ other = "" }) => `delete it, and name \`${other}\` among the agent's \`roles\``,
  },
  {
    line: pattern(`^(?<head>label\\s+${name})(?<wrong>\\s*[:=]?\\s*)(?<kind>taint|sensitive)\\w*$`),
    code: SETTING,
    message: "what a label is stands behind `is`",
    instead: ({ head = "", kind = "" }) => `${head} is ${kind}`,
  },
  {
    line: pattern(`${schedule}(?<wrong>"[^"]*\\*[^"]*")`),
    code: SETTING,
    message: "a schedule is no cron expression, but days and times",
    instead: ({ head = "" }) => `${head}mon-fri 09:00-17:00 "Europe/Berlin"`,
    guess: true,
  },
  {
    line: pattern(
      `${schedule}(?<wrong>(?<from>[A-Za-z]{3,9})\\s*(?:-|–|to|until|through)\\s*(?<until>[A-Za-z]{3,9})\\s+(?<times>\\d[^"]*?))\\s*(?<zone>"[^"]*")?$`,
      "i",
    ),
    code: SETTING,
    message: "days have three letters, times are `09:00`, and two of them are joined by `-`",
    instead: ({ head = "", from = "", until = "", times = "", zone }) =>
      scheduleOf(head, `${from}-${until}`, times, zone),
    guess: true,
  },
  {
    line: pattern(`^(?<word>${name})\\s*[=:]?\\s*(?<rest>(?!=|:)\\S.*)$`),
    code: SETTING,
    message: ({ word = "" }) => `\`${word}\` is called otherwise here`,
    instead: ({ word = "", rest = "" }) => {
      const ours = settingHere(word);
      return ours === null || rest.endsWith("{") ? null : `${ours} ${valueOf(ours, rest)}`;
    },
    needs: /setting|there is no `from`/,
  },
  {
    line: pattern(
      `^(?<word>${lists}|owner|purpose|lease|retain|region|within|quorum|lifetime)\\s*(?<wrong>=)\\s*(?<rest>.+)$`,
    ),
    code: SETTING,
    message: "a setting stands without `=`",
    instead: ({ word = "", rest = "" }) => `${word} ${valueOf(word, rest)}`,
  },
];

/** Names without brackets and quotes where names stand. */
function valueOf(word: string, rest: string): string {
  const named = /^(?:environments|roles|approvers|tell|operators|auditors|deployers)$/.test(word);
  return named ? rest.replace(/["[\]]/g, "").trim() : rest;
}

/** `mon to fri`, `09:00 to 17:00`, `9-17`, `9am-5pm` */
function scheduleOf(head: string, days: string, times: string, zone: string | undefined): string | null {
  const clocks = Array.from(
    times.matchAll(/(\d{1,2})(?::(\d\d))?\s*([ap])?\.?m?\.?/gi),
    ([, hour, minute = "00", half]) => {
      const plus = half?.toLowerCase() === "p" && Number(hour) < 12 ? 12 : 0;
      return `${String(Number(hour) + plus).padStart(2, "0")}:${minute}`;
    },
  );
  if (clocks.length !== 2) return null;
  const [from, to] = days.toLowerCase().split("-");
  const short = `${from?.slice(0, 3) ?? ""}-${to?.slice(0, 3) ?? ""}`;
  if (!/^(?:mon|tue|wed|thu|fri|sat|sun)-(?:mon|tue|wed|thu|fri|sat|sun)$/.test(short)) return null;
  return `${head}${short} ${clocks.join("-")} ${zone ?? '"Europe/Berlin"'}`;
}
