/**
 * The text format of OpenMetrics 1.0 (https://prometheus.io/docs/specs/om/open_metrics_spec/). Pure: the caller brings
 * the numbers. Names are ours; label values may be anybody's.
 */
import { assertNever } from "../assert-never.ts";

export const OPEN_METRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Labels = { readonly [name: string]: string };

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export interface Buckets {
  /** Upper bounds, ascending, without the last one, which has none. */
  readonly bounds: readonly number[];
  /** How many fell into each, and beyond the last bound. */
  readonly counts: readonly number[];
  readonly sum: number;
}

interface Described {
  readonly name: string;
  readonly help: string;
  /** Ends the name, where there is one. */
  readonly unit?: string;
}

export type Family =
  | (Described & { readonly type: "counter" | "gauge"; readonly samples: readonly Sample[] })
  | (Described & { readonly type: "info"; readonly labels: Labels })
  | (Described & { readonly type: "histogram"; readonly buckets: Buckets });

export function renderMetrics(families: readonly Family[]): string {
  return `${[...families.flatMap(familyLines), "# EOF"].join("\n")}\n`;
}

function familyLines(family: Family): readonly string[] {
  const { name, type, unit, help } = family;
  const units = unit === undefined ? [] : [`# UNIT ${name} ${unit}`];
  return [`# TYPE ${name} ${type}`, ...units, `# HELP ${name} ${escaped(help)}`, ...samplesOf(family)];
}

function samplesOf(family: Family): readonly string[] {
  const { name } = family;
  switch (family.type) {
    case "counter":
      return family.samples.map((sample) => line(`${name}_total`, sample));
    case "gauge":
      return family.samples.map((sample) => line(name, sample));
    case "info":
      return [line(`${name}_info`, { labels: family.labels, value: 1 })];
    case "histogram":
      return histogramLines(name, family.buckets);
    default:
      return assertNever(family);
  }
}

/** Each bucket counts all that are below it too. */
function histogramLines(name: string, { bounds, counts, sum }: Buckets): readonly string[] {
  let below = 0;
  const buckets = [...bounds.map(String), "+Inf"].map((le, at) => {
    below += counts[at] ?? 0;
    return line(`${name}_bucket`, { labels: { le: le.includes(".") || le === "+Inf" ? le : `${le}.0` }, value: below });
  });
  const none: Labels = {};
  return [
    ...buckets,
    line(`${name}_count`, { labels: none, value: below }),
    line(`${name}_sum`, { labels: none, value: sum }),
  ];
}

function line(name: string, { labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
