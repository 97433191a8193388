/** Parameters that follow a catalogue, and keep what people made narrower. */
import { type Comment, type Parameter, printParameter, type TypeNode } from "../../dsl/index.ts";
import { commentLines } from "./comment-lines.ts";
import { isNarrower } from "./is-narrower.ts";
import { textChange, typeChange } from "./text-change.ts";
import type { ParamRow, ParamRows } from "./write-params.ts";

export interface Merged {
  readonly rows: ParamRows;
  /** What became different, one text each: `+ force: bool?`, `- old: string`, `owner: string → int`. */
  readonly changes: readonly string[];
  /** Parameters that stay narrower than the catalogue's, one text each. */
  readonly narrower: readonly string[];
}

export interface Following {
  readonly params: readonly Parameter[];
  readonly open: boolean;
}

/** What a list is merged with. */
export interface Newer {
  readonly follow: Following;
  /** What the catalogue said when the list was reviewed; null where that is lost. */
  readonly was: Following | null;
}

/** `comments` stand inside of the old list. */
export function mergeParams(old: Following, { follow, was }: Newer, comments: readonly Comment[]): Merged {
  const kept = placeComments(old.params, comments);
  const left = new Set(kept.left.concat(kept.rows.flatMap(({ above }) => above)).flatMap(leftOut));
  const changes: string[] = [];
  const narrower: string[] = [];
  const rows: ParamRow[] = [];
  const orphans: Comment[] = [];
  for (const row of kept.rows) {
    const found = follow.params.find((param) => sameName(param, row.param));
    const above = [...orphans.splice(0), ...row.above];
    if (found !== undefined) {
      const param = mergeParam(row.param, found, was?.params.find((one) => sameName(one, found)) ?? null);
      changes.push(...paramChanges(row.param, param));
      if (textOf(param) !== textOf(found)) narrower.push(`${textOf(param)}, where the catalogue has ${typeOf(found)}`);
      rows.push({ ...row, above, param });
    } else if (follow.open) rows.push({ ...row, above });
    else {
      changes.push(`- ${textOf(row.param)}`);
      orphans.push(...above, ...(row.trailing === null ? [] : [row.trailing]));
    }
  }
  for (const param of follow.params) {
    if (old.params.some((one) => sameName(one, param)) || left.has(param.name.value)) continue;
    changes.push(`+ ${textOf(param)}`);
    rows.push({ param, above: [], trailing: null });
  }
  // Somebody took `...` away, or never had it: then undeclared arguments stay refused.
  const open = old.open && follow.open;
  if (old.open && !open) changes.push("- ...");
  return { rows: { rows, open, left: [...orphans, ...kept.left] }, changes, narrower };
}

/** What nobody made narrower follows the catalogue. */
function mergeParam(old: Parameter, follow: Parameter, was: Parameter | null): Parameter {
  if (was !== null && textOf(was) === textOf(old)) return follow;
  const optional = old.optional && follow.optional;
  return { ...follow, secret: old.secret || follow.secret, optional, type: mergeType(old.type, follow.type) };
}

function mergeType(old: TypeNode, follow: TypeNode): TypeNode {
  if (old.kind === "RecordType" && follow.kind === "RecordType")
    return { ...follow, fields: mergeFields(old.fields, follow.fields) };
  if (old.kind === "ListType" && follow.kind === "ListType") {
    const of = mergeType(old.of, follow.of);
    const bounds = isNarrower({ ...old, of }, { ...follow, of }) ? old.settings : follow.settings;
    return { ...follow, of, settings: bounds };
  }
  return isNarrower(old, follow) ? old : follow;
}

function mergeFields(old: readonly Parameter[], follow: readonly Parameter[]): readonly Parameter[] {
  return follow.map((field) => {
    const before = old.find((one) => sameName(one, field));
    return before === undefined ? field : { ...mergeParam(before, field, null), doc: before.doc };
  });
}

function sameName(left: Parameter, right: Parameter): boolean {
  return left.name.value === right.name.value;
}

/** Of one parameter, its type and what is said about it. */
function paramChanges(old: Parameter, now: Parameter): readonly string[] {
  const name = textOf(now).slice(0, -typeOf(now).length).replace(/: $/, "");
  const types = textOf(old) === textOf(now) ? [] : [typeChange(name, typeOf(old), typeOf(now))];
  const [before, after] = [old, now].map(({ doc }) => commentLines(doc ?? "").join(" "));
  return before === after ? types : [...types, textChange(`${name} described`, before ?? "", after ?? "")];
}

/** All but the name. */
function typeOf(param: Parameter): string {
  return textOf({ ...param, name: { ...param.name, value: "n", segments: ["n"] } }).slice("n: ".length);
}

function textOf(param: Parameter): string {
  return printParameter({ ...param, doc: null });
}

/** `// force: bool?`: a parameter that somebody took out, and that shall stay out. */
function leftOut({ text }: Comment): readonly string[] {
  const [, plain, quoted] = /^\s*(?:([A-Za-z_][\w-]*)|"([^"]+)")\s*:/.exec(text) ?? [];
  const name = plain ?? quoted;
  return name === undefined ? [] : [name];
}

/** Each comment with the parameter that it stands above or behind. */
function placeComments(
  params: readonly Parameter[],
  comments: readonly Comment[],
): { rows: ParamRow[]; left: Comment[] } {
  const left = [...comments];
  const rows = params.map((param, index): ParamRow => {
    const next = params[index + 1]?.span.start ?? Infinity;
    const above = takeWhile(left, ({ span }) => span.start < param.span.end);
    const [behind] = left;
    const trails = behind?.trailing === true && behind.span.start < next;
    return { param, above, trailing: trails ? (left.shift() ?? null) : null };
  });
  return { rows, left };
}

function takeWhile(comments: Comment[], test: (comment: Comment) => boolean): Comment[] {
  const end = comments.findIndex((comment) => !test(comment));
  return comments.splice(0, end === -1 ? comments.length : end);
}
