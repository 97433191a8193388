/** What agents may have others do, become and be asked about, as people first write it. */
import { type Habit, name, pattern, RULE, SETTING } from "./habit.ts";

const approvals = `${name}(?:\\s+and\\s+${name})*`;

export const delegationHabits: readonly Habit[] = [
  {
    line: pattern(`^may\\s+call\\s+(?<wrong>${name})$`),
    code: SETTING,
    message: "what the other agent may be called for isn't said",
    instead: ({ wrong = "" }) => `may call ${wrong} for ACTION`,
    advice: "; actions are named as in a rule: `tickets.read`, `crm.*` or `read`",
    guess: true,
  },
  {
    line: pattern(
      `^may\\s+become\\s+(?<role>${name})\\s+(?<wrong>for\\s+(?<length>\\d+[smhd])\\s+via\\s+(?<via>${name}))$`,
    ),
    code: SETTING,
    message: "`via` stands before `for`",
    instead: ({ role = "", length = "", via = "" }) => `may become ${role} via ${via} for ${length}`,
  },
  {
    line: pattern(
      `^may\\s+(?<wrong>become)\\s+(?<role>${name})(?:\\s+via\\s+(?<via>${name}))?(?:\\s+for\\s+(?<length>\\d+[smhd]))?$`,
    ),
    code: SETTING,
    message: "a role is gained through an approval, and for a time",
    instead: ({ role = "", via = "APPROVAL", length = "2h" }) => `may become ${role} via ${via} for ${length}`,
    guess: true,
  },
  {
    line: pattern(
      `^(?<head>(?:trial\\s+)?(?:ask|limit\\b.*\\bthen\\s+ask)\\b(?!.*\\bvia\\b)(?:.*?\\s)??)(?<wrong>by|from|with|of)\\s+(?<approvals>${approvals})$`,
    ),
    code: RULE,
    message: "the approval stands behind `via`",
    instead: ({ head = "", approvals: via = "" }) => `${head}via ${via}`,
  },
  {
    line: pattern(
      `\\bvia\\s+(?<first>${approvals})(?<wrong>\\s*,\\s*(?:and\\s+)?)(?<others>${name}(?:(?:\\s*,\\s*(?:and\\s+)?|\\s+and\\s+)${name})*)`,
    ),
    code: RULE,
    message: "approvals that are all needed are joined by `and`",
    instead: ({ first = "", others = "" }) =>
      `via ${first} and ${others.replaceAll(/\s*,\s*(?:and\s+)?|\s+and\s+/g, " and ")}`,
  },
  {
    line: pattern(`^(?<head>session\\s+.*?\\d+[smhd])(?<wrong>\\s*,\\s*(?:and\\s+)?)(?<rest>(?:idle|lifetime)\\b.*)$`),
    code: SETTING,
    message: "lifetime and idling stand side by side, without a comma",
    instead: ({ head = "", rest = "" }) => `${head} ${rest}`,
  },
];
