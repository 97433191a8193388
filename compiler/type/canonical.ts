/** Whether a text is in the one form that the engine compares. The engine's own check of arguments is the judge. */
import { checkArgs, formatDecimal, parseDecimal, type ParamType } from "../../engine/index.ts";
import type { ValueType } from "./value-type.ts";

export interface Refusal {
  /** What to do, as a help line. */
  readonly help: string;
  /** The text to write instead, where there is one. */
  readonly canonical: string | null;
}

/** Null where values of the type can equal `text`. */
export function refuseText(type: ValueType, text: string): Refusal | null {
  switch (type.kind) {
    case "principal":
      return text.includes("@") ? (refuseText({ kind: "email" }, text.toLowerCase()) ?? refuseCase(text)) : null;
    case "country":
      return /^[A-Z]{2}$/.test(text) ? null : { help: "a country is two capital letters, as in `DE`", canonical: null };
    // Bounds of a text don't matter to what it is compared with; where they exclude it, that is no typing mistake.
    case "string":
      return null;
    default:
      return refuseValue(type, text);
  }
}

/** A number as written, in canonical form (`50.10` is `50.1`); null where the engine would refuse it. */
export function canonicalDecimal(text: string): string | null {
  const scaled = parseDecimal(text);
  return scaled === null ? null : formatDecimal(scaled);
}

/** Identity providers' addresses are compared in lower case. */
function refuseCase(text: string): Refusal | null {
  const canonical = text.toLowerCase();
  return canonical === text ? null : suggest(canonical);
}

function refuseValue(type: ParamType, text: string): Refusal | null {
  const [fault] = checkArgs(actionTaking(type), { value: text });
  if (!fault) return null;
  const [, form] = /: send `([^`]+)`$/.exec(fault.detail) ?? [];
  const canonical = form === undefined ? null : wholeText(text, form, fault.detail);
  if (canonical !== null) return suggest(canonical);
  return { help: fault.detail.startsWith("its") ? fault.detail : `it ${fault.detail}`, canonical: null };
}

/** What is wrong may be only a part of the text: the domain of an address. */
function wholeText(text: string, form: string, detail: string): string | null {
  if (detail.startsWith("its domain")) return `${text.slice(0, text.lastIndexOf("@"))}@${form}`;
  return detail.startsWith("must") ? form : null;
}

function suggest(canonical: string): Refusal {
  return { help: `write \`${canonical}\``, canonical };
}

function actionTaking(type: ParamType): Parameters<typeof checkArgs>[0] {
  return {
    name: "",
    params: [{ name: "value", type, optional: false, secret: false }],
    open: false,
    classes: [],
    resources: null,
    yields: [],
    clears: [],
    recovery: null,
    tool: null,
    doc: null,
  };
}
