/**
 * Which texts a type admits, as a small automaton: at least all plain ones. What it admits and the engine doesn't is
 * found out when the engine checks the value.
 */
import type { ParamType } from "../../../../engine/index.ts";

export interface Shape {
  readonly start: string;
  /** Null where the text can't go on so. */
  readonly step: (state: string, char: string) => string | null;
  readonly accepts: (state: string) => boolean;
  /** Characters that it gives a meaning to. */
  readonly marks: readonly string[];
  /** Characters it admits that nothing names, best first. */
  readonly fresh: readonly string[];
  /** What people write where it doesn't matter. */
  readonly usual: readonly string[];
}

const LETTERS = Array.from("xyzqwvkjabcdefghilmnoprstu");
const DIGITS = Array.from("7890123456");

export const FREE: Shape = {
  start: "",
  step: () => "",
  accepts: () => true,
  marks: [],
  fresh: [...LETTERS, ...DIGITS, "_", "ü", "ж", "語"],
  usual: ["some text", "some", "other text"],
};

/** One segment of a resource: what a hole of a template may be filled with. */
const SEGMENT: Shape = {
  start: "empty",
  step: (_, char) => (/[/\\%\p{Cc}\p{Cf}\p{Cs}]/u.test(char) ? null : char === "." ? "dot" : "in"),
  accepts: (state) => state === "in",
  marks: ["."],
  fresh: FREE.fresh,
  usual: ["some", "some-thing"],
};

function pathShape(absolute: boolean, lower: boolean): Shape {
  return {
    start: absolute ? "root" : "empty",
    step: (state, char) => {
      if (state === "root") return char === "/" ? "empty" : null;
      if (lower && char !== char.toLowerCase()) return null;
      if (char === "/") return state === "in" ? "empty" : null;
      return SEGMENT.step(state, char);
    },
    accepts: (state) => state === "in",
    marks: ["/", "."],
    fresh: FREE.fresh,
    usual: absolute ? ["/some/file"] : ["some/file"],
  };
}

/** Labels of lower-case letters, digits and hyphens; the last one is no number in any spelling. */
export const HOST: Shape = {
  start: "empty",
  step: (state, char) => {
    if (char === ".") return state === "empty" ? null : "empty";
    if (!/[a-z0-9-]/.test(char)) return null;
    if (state === "zero" && char === "x") return "hex";
    if (state === "hex") return /[0-9a-f]/.test(char) ? "hex" : "name";
    if (state !== "empty" && state !== "digits" && state !== "zero") return "name";
    if (state === "empty" && char === "0") return "zero";
    return /[0-9]/.test(char) ? "digits" : "name";
  },
  accepts: (state) => state === "name",
  marks: ["."],
  fresh: [...LETTERS, ...DIGITS, "-"],
  usual: ["other.example"],
};

export const EMAIL: Shape = {
  start: "nobody",
  step: (state, char) => {
    if (state.startsWith("@")) {
      const next = HOST.step(state.slice(1), char);
      return next === null ? null : `@${next}`;
    }
    if (char === "@") return state === "local" ? `@${HOST.start}` : null;
    return /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]/.test(char) ? "local" : null;
  },
  accepts: (state) => state.startsWith("@") && HOST.accepts(state.slice(1)),
  marks: ["@", "."],
  fresh: HOST.fresh,
  usual: ["someone@other.example", "someone@elsewhere.example"],
};

/** The path of a canonical URL: begins with a slash, has no dot segments. */
export const URL_PATH: Shape = {
  start: "root",
  step: (state, char) => {
    if (state === "root") return char === "/" ? "in" : null;
    if (!/[A-Za-z0-9/_~.@:!$&'()*+,;=-]/.test(char)) return null;
    return char === "." ? "dot" : "in";
  },
  accepts: (state) => state === "in",
  marks: ["/"],
  fresh: [...LETTERS, ...DIGITS, "_"],
  usual: ["/", "/some/page"],
};

const UUID_AT = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";

export const UUID: Shape = {
  start: "0",
  step: (state, char) => {
    const wanted = UUID_AT[Number(state)];
    const fits = wanted === "h" ? /[0-9a-f]/.test(char) : wanted === char;
    return fits ? String(Number(state) + 1) : null;
  },
  accepts: (state) => Number(state) === UUID_AT.length,
  marks: ["-"],
  fresh: Array.from("0123456789abcdef"),
  usual: ["0192f0c1-7e5a-7000-8000-000000000000"],
};

export function shapeOf(type: ParamType, fillsSegment: boolean): Shape {
  switch (type.kind) {
    case "email":
      return EMAIL;
    case "host":
      return HOST;
    case "uuid":
      return UUID;
    case "path":
      return pathShape(type.absolute, type.lower);
    default:
      return fillsSegment ? SEGMENT : FREE;
  }
}
