/** Values of a type that differ in anything that the policy reads. */
import { type JsonValue, type ParamType, parseDecimal } from "../../../engine/index.ts";
import { listValues } from "./list-values.ts";
import { decimalValues, durationValues, intValues, timestampValues } from "./number-values.ts";
import { sayings, textValues } from "./text-values.ts";
import { ipValues, urlValues } from "./url-values.ts";
import { below, own, type PathUse, plain, product, type Value, type Values } from "./value.ts";

const MOST_RECORDS = 300;
/** Of a longer enumeration only what is named, and one other, is taken. */
const MOST_CHOICES = 60;

/** `fillsSegment`: does the value at this path below the parameter fill a hole of a resource? */
export function valuesOfType(
  type: ParamType,
  uses: readonly PathUse[],
  fillsSegment: (path: readonly string[]) => boolean,
): Values {
  switch (type.kind) {
    case "bool":
      return { values: [plain(false), plain(true)], inexact: isSaid(uses) ? "what is said of a flag" : null };
    case "int":
      return intValues(type, uses);
    case "decimal":
      return decimalValues({ min: scaled(type.min), max: scaled(type.max) }, uses);
    case "timestamp":
      return timestampValues(uses);
    case "duration":
      return durationValues(uses);
    case "enum":
      return choiceValues(type.values, uses);
    case "json":
      return { values: [plain({})], inexact: uses.length > 0 ? "a test on JSON" : null };
    case "url":
      return urlValues(type, uses);
    case "ip":
      return ipValues(uses);
    case "record":
      return recordValues(type, uses, fillsSegment);
    case "list":
      return listValues(type, uses, (elements) =>
        valuesOfType(type.of, elements, (path) => fillsSegment(["*", ...path])),
      );
    default:
      return textValues(type, uses, fillsSegment([]));
  }
}

function scaled(text: string | null): bigint | null {
  return text === null ? null : parseDecimal(text);
}

function isSaid(uses: readonly PathUse[]): boolean {
  return uses.some(({ what }) => what.kind === "said");
}

function choiceValues(choices: readonly string[], uses: readonly PathUse[]): Values {
  const named = new Set(own(uses).flatMap((what) => (what.kind === "texts" ? what.texts : [])));
  const textual = uses.some(({ path, what: { kind } }) => path.length > 0 || (kind !== "texts" && kind !== "points"));
  if (choices.length <= MOST_CHOICES || textual)
    return { values: choices.flatMap((choice) => sayings(choice, uses)), inexact: null };
  const [other] = choices.filter((choice) => !named.has(choice));
  const few = [...(other === undefined ? [] : [other]), ...choices.filter((choice) => named.has(choice))];
  return { values: few.flatMap((choice) => sayings(choice, uses)), inexact: null };
}

function recordValues(
  { fields }: Extract<ParamType, { kind: "record" }>,
  uses: readonly PathUse[],
  fillsSegment: (path: readonly string[]) => boolean,
): Values {
  const parts = fields.map((field) => {
    const inner = below(uses, field.name);
    const found = valuesOfType(field.type, inner, (path) => fillsSegment([field.name, ...path]));
    const left = field.optional && inner.length === 0 ? [] : found.values;
    const missing: readonly Value[] = field.optional ? [plain(undefined)] : [];
    return { name: field.name, inexact: found.inexact, values: [...left, ...missing] };
  });
  const { all, cut } = product(
    parts.map(({ values }) => values),
    MOST_RECORDS,
  );
  const names = parts.map(({ name }) => name);
  const opaque = own(uses).some(({ kind }) => kind === "opaque" || kind === "detects");
  return {
    values: all.map((row) => recordOf(names, row)),
    inexact:
      cut || opaque ? "a record with many fields" : (parts.find(({ inexact }) => inexact !== null)?.inexact ?? null),
  };
}

function recordOf(names: readonly string[], row: readonly Value[]): Value {
  const entries = row.flatMap(({ value }, at): [string, JsonValue][] =>
    value === undefined ? [] : [[names[at] ?? "", value]],
  );
  return { value: Object.fromEntries(entries), said: row.flatMap(({ said }) => [...said]) };
}
