/**
 * Which classes a tool probably has, and why: from its name, from what its server says of it, and from its parameters.
 * A hint can make the proposal stricter, never looser than the name: servers call a refund harmless.
 */
import type { Parameter } from "../../dsl/index.ts";
import type { ToolHints } from "../catalogue/catalogue.ts";
import { isAlways, THING_CLASSES, VERB_CLASSES, wordsOf } from "./class-words.ts";

export interface Proposal {
  /** In the order of the language's own list; never empty. */
  readonly classes: readonly string[];
  readonly why: string;
}

export interface Described {
  readonly name: string;
  readonly hints: ToolHints;
  readonly params: readonly Parameter[];
  /** Classes that are certain to hold, and what says so: an HTTP method. */
  readonly stated?: Reason;
}

interface Reason {
  readonly classes: readonly string[];
  readonly because: string;
}

const ORDER = ["read", "write", "delete", "spend", "execute", "admin", "external", "irreversible"];

export function proposeClasses(tool: Described): Proposal {
  const { verb, things } = reasonsOfName(tool.name);
  const hinted = reasonsOfHints(tool.hints);
  const stated = tool.stated === undefined ? [] : [tool.stated];
  const sure = [...stated, ...verb, ...hinted];
  const reads = sure.length > 0 && sure.every(({ classes }) => classes.includes("read"));
  const reasons = [...sure, ...(reads ? [] : things), ...reasonsOfParams(tool.params)];
  const known = reasons.some(({ classes }) => classes.some((name) => name !== "external" && name !== "irreversible"));
  const all = known || reasons.some(({ classes }) => classes.includes("external")) ? reasons : [...reasons, UNKNOWN];
  const found = new Set(all.flatMap(({ classes }) => classes));
  // What writes is no mere read, whatever else is said of it.
  if (ORDER.slice(1, 6).some((name) => found.has(name)) || found.has("irreversible")) found.delete("read");
  return { classes: ORDER.filter((name) => found.has(name)), why: whyOf(all, found, tool.hints) };
}

const UNKNOWN: Reason = {
  classes: ["write", "external", "irreversible"],
  because: "neither its name nor a hint says what it does",
};

/** A reason that a stricter one outdoes isn't told. */
function whyOf(reasons: readonly Reason[], found: ReadonlySet<string>, hints: ToolHints): string {
  const told = reasons.filter(({ classes }) => classes.some((name) => found.has(name))).map(({ because }) => because);
  const outdone =
    hints.readOnlyHint === true && !found.has("read") ? ["readOnlyHint is true, but the name is stricter"] : [];
  const harmless =
    hints.destructiveHint === false && found.has("delete")
      ? ["destructiveHint is false, but the name is stricter"]
      : [];
  return [...new Set([...told, ...outdone, ...harmless])].join("; ");
}

function reasonsOfName(name: string): { readonly verb: readonly Reason[]; readonly things: readonly Reason[] } {
  const words = wordsOf(name);
  const last = words.length - 1;
  // The verb leads, or ends the name, or stands behind the server's own name.
  const at = [0, last, 1, ...words.keys()].find((index) => VERB_CLASSES.has(words[index] ?? ""));
  const strict = [...words.keys()].filter((index) => index !== at && isAlways(words[index] ?? ""));
  const verb = [...(at === undefined ? [] : [at]), ...strict].map((index): Reason => {
    const word = words[index] ?? "";
    const how = index === 0 ? "begins with" : index === last ? "ends with" : "holds";
    return { classes: VERB_CLASSES.get(word) ?? [], because: `the name ${how} "${word}"` };
  });
  const things = words
    .filter((word, index) => THING_CLASSES.has(word) && index !== at)
    .map((word): Reason => ({ classes: THING_CLASSES.get(word) ?? [], because: `the name holds "${word}"` }));
  return { verb, things };
}

/** Only what was stated: MCP's defaults for hints that are missing say nothing about this tool. */
function reasonsOfHints({ readOnlyHint, destructiveHint, openWorldHint }: ToolHints): readonly Reason[] {
  const reasons: Reason[] = [];
  if (readOnlyHint === true) reasons.push({ classes: ["read"], because: "readOnlyHint is true" });
  if (readOnlyHint === false) reasons.push({ classes: ["write"], because: "readOnlyHint is false" });
  if (destructiveHint === true && readOnlyHint !== true) {
    reasons.push({ classes: ["delete"], because: "destructiveHint is true" });
  }
  if (openWorldHint === true) {
    const classes = readOnlyHint === true ? ["read", "external"] : ["external"];
    reasons.push({ classes, because: "openWorldHint is true" });
  }
  return reasons;
}

const ADDRESSES: ReadonlySet<string> = new Set(["url", "email", "host"]);

function reasonsOfParams(params: readonly Parameter[]): readonly Reason[] {
  return params.flatMap(({ name, type }) => {
    const plain = type.kind === "ListType" ? type.of : type;
    if (plain.kind !== "NamedType" || !ADDRESSES.has(plain.name.value)) return [];
    return [{ classes: ["external"], because: `\`${name.value}\` is an address` }];
  });
}
