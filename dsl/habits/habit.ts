/** One way in which people write a line here as they would elsewhere, and the same line as it is written here. */

export type Groups = Readonly<Record<string, string | undefined>>;

/** The names of an action's parameters in their order, as far as the file declares them. */
export type ParamNames = (action: string) => readonly string[];

export interface Habit {
  /** Held against the line without indentation and comment; `wrong` is what is underlined, else all that matched. */
  readonly line: RegExp;
  /** Without its `AP`. */
  readonly code: number;
  readonly message: string | ((groups: Groups) => string);
  /** What stands in place of all that matched; null where the line is no case of this habit after all. */
  readonly instead?: (groups: Groups, params: ParamNames) => string | null;
  /** What to do where the line can't simply be written anew; with `instead`, what follows it. */
  readonly advice?: string | ((groups: Groups) => string);
  /** Whether `instead` is a guess or holds a placeholder, so that no tool may write it. */
  readonly guess?: boolean;
  /** What the parser's own message must say; whatever it says where this is left out. */
  readonly needs?: RegExp;
  /** Whether the line goes on with the mistake of the line above, which then is the only one told. */
  readonly goesOn?: boolean;
}

/** Codes of the habits, by what the line is about. */
const codes = {
  RULE: 1120,
  LIMIT: 1121,
  CONDITION: 1122,
  TYPE: 1123,
  SETTING: 1124,
  STEP: 1125,
} as const;

export const { RULE, LIMIT, CONDITION, TYPE, SETTING, STEP } = codes;

/** Pieces of patterns: a name, a dotted name, a string, a literal value, a list in brackets. */
export const name = "[A-Za-z_][\\w-]*";
export const dotted = `${name}(?:\\.${name})*`;
export const text = '"[^"]*"';
export const value = `(?:${text}|-?\\d+(?:\\.\\d+)?|true|false)`;

/** A pattern of such pieces, with the offsets of its groups, to find every match. */
export function pattern(source: string, flags = ""): RegExp {
  return new RegExp(source, `dg${flags}`);
}
