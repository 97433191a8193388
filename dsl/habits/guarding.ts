/** Live sets, canaries and breakers as people first write them: what guards a policy while it runs. */
import { type Groups, type Habit, name, pattern, SETTING } from "./habit.ts";

const refusals = "denials?|deny|denies|rejections?|rejected|refusals?|refused|blocked|forbidden";
const failures = "failures?|fails?|failing|errors?|errored|exceptions?";
const kills = "freeze|stop|block|suspend|disable|pause|terminate|end|halt|deny|revoke|shutdown|close";
const tells = "notify|alert|inform|warn|message|page|call";

export const guardingHabits: readonly Habit[] = [
  {
    line: pattern(`^canary\\s+(?<called>${name})\\s*(?<wrong>[=:]?\\s*"(?<hash>[0-9a-f]{64})")$`),
    code: SETTING,
    message: "`sha256` stands before the hash",
    instead: ({ called = "", hash = "" }) => `canary ${called} sha256 "${hash}"`,
  },
  {
    line: pattern(`^canary\\s+(?<called>${name})\\s*(?<wrong>[=:{"].*)?$`),
    code: SETTING,
    message: "a policy holds the hash of a canary, never the marker itself: reading it would give it away",
    advice: ({ called = "" }) =>
      `\`agentpolicy canary new ${called}\` makes a marker and prints the line to put here: \`canary ${called} sha256 "…"\``,
  },
  {
    line: pattern("^(?<wrong>dynamic|mutable|runtime|external|remote|editable)\\s+set\\b"),
    code: SETTING,
    message: "a set that is changed while the policy runs is a `live set`",
    instead: () => "live set",
  },
  {
    line: pattern(`^live\\s+set\\s+(?<called>${name})\\s*(?<wrong>by|from|editor|edited\\s+by)\\s+(?<who>${name})$`),
    code: SETTING,
    message: "who may change a live set stands behind `editors`",
    instead: ({ called = "", who = "" }) => `live set ${called} editors ${who}`,
  },
  {
    line: pattern(`^live\\s+set\\s+(?<called>${name})\\s*(?<wrong>[=:{["(].*)?$`),
    code: SETTING,
    message: "a live set is filled while the policy runs; here stands who may do so",
    advice: ({ called = "" }) =>
      `write \`live set ${called} editors GROUP\`; values that never change are a \`set ${called} = ["…"]\``,
  },
  {
    line: pattern(
      `\\bwhen\\s+(?<number>\\d+%?)\\s+(?<wrong>(?<what>denied|failed|${refusals}|${failures})\\s+(?:per\\s+(?<first>${name})\\s+in\\s+(?<early>\\d+[smhd])|in\\s+(?<late>\\d+[smhd])\\s+per\\s+(?<last>${name})))`,
    ),
    code: SETTING,
    message: ({ what = "" }) =>
      /^(?:denied|failed)$/.test(what)
        ? "in how long stands before for whom"
        : `what a breaker counts is \`denied\` or \`failed\`, not \`${what}\``,
    instead: eventOf,
  },
  {
    line: pattern(`\\bwhen\\s+(?<number>\\d+%?)\\s+(?<wrong>${refusals}|${failures})(?=\\s+in\\b)`),
    code: SETTING,
    message: ({ wrong = "" }) => `what a breaker counts is \`denied\` or \`failed\`, not \`${wrong}\``,
    instead: ({ number = "", wrong = "" }) => `when ${number} ${countedAs(wrong)}`,
  },
  {
    line: pattern(`(?<before>\\bthen\\s+(?:[^{}]*,\\s*)?)(?<wrong>${tells})\\s+(?<channel>${name})`),
    code: SETTING,
    message: "a breaker tells channels",
    instead: ({ before = "", channel = "" }) => `${before}tell ${channel}`,
    needs: /`kill` and a scope/,
  },
  {
    line: pattern(
      `(?<before>\\bthen\\s+(?:[^{}]*,\\s*)?)(?<wrong>${kills})\\s+(?<scope>session|agent|requester|fleet)`,
    ),
    code: SETTING,
    message: "what a breaker stops it kills: that freezes it, and a person lifts it with a reason",
    instead: ({ before = "", scope = "" }) => `${before}kill ${scope}`,
    needs: /`kill` and a scope/,
  },
];

/** `denied` or `failed` for what other systems count. */
function countedAs(what: string): string {
  return new RegExp(`^(?:failed|${failures})$`).test(what) ? "failed" : "denied";
}

/** The event in the order of the grammar: how many, of what, in how long, for whom. */
function eventOf({ number = "", what = "", first, early, late, last }: Groups): string {
  return `when ${number} ${countedAs(what)} in ${early ?? late ?? ""} per ${first ?? last ?? ""}`;
}
