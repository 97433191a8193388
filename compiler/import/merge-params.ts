/** Parameters that follow a catalogue, and keep what people made narrower. */
import { type Comment, type Parameter, printParameter, type TypeNode } from "../../dsl/index.ts";
import { isNarrower } from "./is-narrower.ts";
import type { ParamRow, ParamRows } from "./write-params.ts";

export interface Merged {
  readonly rows: ParamRows;
  /** What became different, one text each: `+ force`, `- old`, `owner: int`. Descriptions aren't told. */
  readonly changes: readonly string[];
}

export interface Following {
  readonly params: readonly Parameter[];
  readonly open: boolean;
}

/** `comments` stand inside of the old list. */
export function mergeParams(old: Following, follow: Following, comments: readonly Comment[]): Merged {
  const kept = placeComments(old.params, comments);
  const left = new Set(kept.left.concat(kept.rows.flatMap(({ above }) => above)).flatMap(leftOut));
  const changes: string[] = [];
  const rows: ParamRow[] = [];
  const orphans: Comment[] = [];
  for (const row of kept.rows) {
    const found = follow.params.find((param) => sameName(param, row.param));
    const above = [...orphans.splice(0), ...row.above];
    if (found !== undefined) {
      const param = mergeParam(row.param, found);
      if (textOf(param) !== textOf(row.param)) changes.push(textOf(param));
      rows.push({ ...row, above, param });
    } else if (follow.open) rows.push({ ...row, above });
    else {
      changes.push(`- ${row.param.name.value}`);
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
  return { rows: { rows, open, left: [...orphans, ...kept.left] }, changes };
}

function mergeParam(old: Parameter, follow: Parameter): Parameter {
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
    return before === undefined ? field : { ...mergeParam(before, field), doc: before.doc };
  });
}

function sameName(left: Parameter, right: Parameter): boolean {
  return left.name.value === right.name.value;
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
