/** Limits as rates: `limit mail.send 10 per minute`, `rate_limit mail.send 10/min`, `max 10 mail.send per hour`. */
import { meantDuration } from "../lex/foreign-number.ts";
import { dotted, type Groups, type Habit, LIMIT, pattern } from "./habit.ts";

const unit = "s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?";
const window = `(?:per|in|within|every|each|an?|/|(?<=\\d) )\\s*(?:an?\\s+)?(?:(?<count>\\d+)\\s*)?(?<unit>${unit})`;
const WINDOW = new RegExp(`(?:\\b|(?=/))${window}\\b`, "i");
const scopes = ["session", "agent", "requester", "fleet"];

/** Words for those who ask. */
const people = new Set(["user", "users", "person", "human", "caller", "client", "customer", "principal"]);

export const limitHabits: readonly Habit[] = [
  {
    line: pattern("^(?<head>(?:trial\\s+)?limit\\b.*?\\s)(?<wrong>sum(?:\\s+of)?|total\\s+of)(?=\\s+args\\.)"),
    code: LIMIT,
    message: "what several calls come to is a `total`",
    instead: ({ head = "" }) => `${head}total`,
  },
  {
    line: pattern("^(?<wrong>(?:rate[ _-]?)?limit|throttle|quota|cap|max)\\b.+", "i"),
    code: LIMIT,
    message: "a limit says to how many, in how long, and for whom",
    instead: ({ 0: line = "" }) => limitOf(line),
    advice: ({ 0: line = "" }) => (saysForWhom(line) ? "" : OTHER_SCOPES),
    // For whom it holds may be another than the one that is proposed.
    guess: true,
  },
];

const OTHER_SCOPES = "; it may also hold `per session`, `per requester` or `per fleet`";

/** Whether the line itself says for whom it holds. */
function saysForWhom(line: string): boolean {
  const words = Array.from(line.matchAll(/\bper ([a-z]+)/gi), ([, word = ""]) => word.toLowerCase());
  return words.some((word) => scopes.includes(word) || people.has(word));
}

/** The limit that such a line means, written as limits are; null where it says more than can be told. */
function limitOf(line: string): string | null {
  const plain = line.replaceAll('"', " ").replace(/\s+/g, " ").trim();
  if (/\b(?:when|unless|then|on(?! \S+ (?:to|\d))|except)\b/.test(plain)) return null;
  const sum = sumOf(plain);
  const amount = /(?<![\w.])\d+(?:\.\d+)?(?!\w)/.exec(plain.replace(WINDOW, " "))?.[0];
  const selector = selectorOf(plain);
  if (amount === undefined || selector === null) return null;
  if (!saysNoMore(plain, selector)) return null;
  const length = windowOf(plain);
  const scope = scopeOf(plain);
  if (length === null && scope !== "session") return null;
  const total = sum === null ? "" : ` total ${sum}`;
  const span = length === null || scope === "session" ? "" : ` in ${length}`;
  const keys = Array.from(plain.matchAll(/,\s*(args\.[\w.]+)/g), ([, path = ""]) => `, ${path}`).join("");
  return `limit ${selector}${total} to ${amount}${span} per ${scope}${keys}`;
}

/** Whether nothing is left of the line without what a limit can say: what would get lost isn't offered. */
function saysNoMore(line: string, selector: string): boolean {
  const left = line
    .replace(WINDOW, " ")
    .replace(/\bsum\s*\([^)]*\)|\btotal (?:of )?[\w.]+|,\s*args\.[\w.]+|\bper [a-z]+/gi, " ")
    .replace(/(?<![\w.])\d+(?:\.\d+)?(?!\w)/, " ")
    .replace(selector, " ");
  return (left.match(/\S+/g) ?? []).every((word) => fillers.has(word.toLowerCase()) || /^[A-Z]{3}$/.test(word));
}

function windowOf(line: string): string | null {
  const groups: Groups | undefined = WINDOW.exec(line)?.groups;
  if (groups === undefined) return null;
  return meantDuration(`${groups["count"] ?? "1"}${groups["unit"] ?? ""}`);
}

function scopeOf(line: string): string {
  const words = Array.from(line.matchAll(/\bper ([a-z]+)/gi), ([, word = ""]) => word.toLowerCase());
  const scope = words.find((word) => scopes.includes(word));
  if (scope !== undefined) return scope;
  return words.some((word) => people.has(word)) ? "requester" : "agent";
}

function sumOf(line: string): string | null {
  const [, summed, total] = /\bsum\s*\(\s*([\w.]+)\s*\)|\btotal (?:of )?([\w.]+)/i.exec(line) ?? [];
  const path = summed ?? total;
  if (path === undefined) return null;
  return path.startsWith("args.") ? path : `args.${path}`;
}

const fillers = new Set(
  "rate limit rate_limit rate-limit throttle quota cap max total sum of on to at most per in within every each calls call a an".split(
    " ",
  ),
);

/** The first name that is neither a word of a limit nor its sum: `mail.send`, `write`, `crm.*`. */
function selectorOf(line: string): string | null {
  const rest = line.replace(/\bsum\s*\([^)]*\)|\btotal (?:of )?[\w.]+/gi, " ");
  for (const [word] of rest.matchAll(new RegExp(`(?<![\\w./])(?:${dotted}(?:\\.\\*)?|\\*)`, "g"))) {
    const isUnit = new RegExp(`^(?:${unit})$`, "i").test(word);
    if (!fillers.has(word.toLowerCase()) && !isUnit && !new RegExp(`per ${word}\\b`).test(rest)) return word;
  }
  return null;
}
