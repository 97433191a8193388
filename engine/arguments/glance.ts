/**
 * Whether a value is right at a glance: the usual values of the commonest types, by one switch over data of one shape.
 * Most values are right, and a right one needs no detail of what is wrong. Whatever isn't accepted here, good or bad,
 * is for the type's own check.
 */
import type { Param, ParamType } from "../param-type.ts";
import type { JsonValue } from "../request.ts";
import { compactNumber, isDecimalNumber } from "../values/decimal.ts";
import { isPlainHost } from "../values/host.ts";
import { DEFAULT_BYTES } from "../values/text-length.ts";

const TEXT = 0;
const CHOICE = 1;
const DECIMAL = 2;
const HOST = 3;
const OTHER = 4;

export interface Glance {
  readonly kind: typeof TEXT | typeof CHOICE | typeof DECIMAL | typeof HOST | typeof OTHER;
  readonly choices: readonly string[];
  /** Bounds of a number, or of the UTF-16 units of a text. */
  readonly least: number;
  readonly most: number;
}

const NO_GLANCE: Glance = { kind: OTHER, choices: [], least: 0, most: 0 };

/** A few choices are scanned; many are for a set. */
const FEW = 8;

export function glanceOf({ type }: Param): Glance {
  switch (type.kind) {
    case "string":
      return textGlance(type);
    case "enum":
      return type.values.length > FEW ? NO_GLANCE : { ...NO_GLANCE, kind: CHOICE, choices: type.values };
    case "decimal":
      return decimalGlance(type);
    case "host":
      return { ...NO_GLANCE, kind: HOST };
    default:
      return NO_GLANCE;
  }
}

/** A character is one or two units, and a unit at most three bytes. */
function textGlance({ min, max, like }: Extract<ParamType, { kind: "string" }>): Glance {
  if (like !== null) return NO_GLANCE;
  return { ...NO_GLANCE, kind: TEXT, least: (min ?? 0) * 2, most: max ?? Math.floor(DEFAULT_BYTES / 3) };
}

/** Bounds that no double holds exactly are for the check. */
function decimalGlance({ min, max }: Extract<ParamType, { kind: "decimal" }>): Glance {
  const least = min === null ? -Infinity : compactNumber(min);
  const most = max === null ? Infinity : compactNumber(max);
  if (typeof least === "string" || typeof most === "string") return NO_GLANCE;
  return { ...NO_GLANCE, kind: DECIMAL, least, most };
}

export function isRightAtAGlance(glance: Glance, value: JsonValue): boolean {
  switch (glance.kind) {
    case TEXT:
      return typeof value === "string" && isWithin(glance, value.length) && value.isWellFormed();
    case CHOICE:
      return isChoice(glance.choices, value);
    case DECIMAL:
      return typeof value === "number" && isWithin(glance, value) && isDecimalNumber(value);
    case HOST:
      return typeof value === "string" && isPlainHost(value);
    case OTHER:
      return false;
  }
}

function isWithin({ least, most }: Glance, value: number): boolean {
  return value >= least && value <= most;
}

function isChoice(choices: readonly string[], value: JsonValue): boolean {
  for (let at = 0; at < choices.length; at++) if (choices[at] === value) return true;
  return false;
}
