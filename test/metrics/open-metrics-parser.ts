/**
 * Reads OpenMetrics 1.0 text as strictly as its ABNF and its rules are, written from the specification and not from our
 * own writer: https://prometheus.io/docs/specs/om/open_metrics_spec/
 */

export interface ReadSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

export interface ReadFamily {
  readonly name: string;
  readonly type: string;
  readonly unit: string | null;
  readonly help: string | null;
  readonly samples: readonly ReadSample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const NUMBER = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?(?:e[+-]?[0-9]+)?|\.[0-9]+(?:e[+-]?[0-9]+)?|inf(?:inity)?)$|^nan$/i;
const SUFFIXES: { readonly [type: string]: readonly string[] } = {
  counter: ["_total", "_created"],
  gauge: [""],
  info: ["_info"],
  histogram: ["_bucket", "_count", "_sum", "_created"],
  unknown: [""],
};

interface Building {
  readonly name: string;
  type: string;
  unit: string | null;
  help: string | null;
  readonly samples: ReadSample[];
}

/** @throws Error that says what isn't as the specification wants it */
export function parseOpenMetrics(text: string): readonly ReadFamily[] {
  if (!text.endsWith("# EOF\n")) throw new Error("the exposition must end with `# EOF` and a line feed");
  const lines = text.slice(0, -1).split("\n");
  if (lines.indexOf("# EOF") !== lines.length - 1) throw new Error("something stands behind `# EOF`");
  const families: Building[] = [];
  for (const line of lines.slice(0, -1)) {
    if (line === "" || line.includes("\r")) throw new Error("an empty line, or a carriage return");
    if (line.startsWith("#")) readMetadata(families, line);
    else addSample(families, readSample(line));
  }
  families.forEach(judge);
  return families;
}

function readMetadata(families: Building[], line: string): void {
  const found = /^# (TYPE|UNIT|HELP) ([^ ]+) (.*)$/s.exec(line);
  if (found === null) throw new Error(`no metadata: ${line}`);
  const [, what = "", name = "", value = ""] = found;
  if (!NAME.test(name)) throw new Error(`no metric name: ${name}`);
  let family = families.at(-1);
  if (family?.name !== name) {
    if (families.some((each) => each.name === name)) throw new Error(`${name} is interleaved with another family`);
    family = { name, type: "unknown", unit: null, help: null, samples: [] };
    families.push(family);
  }
  if (family.samples.length > 0) throw new Error(`metadata of ${name} behind its samples`);
  if (what === "TYPE") {
    if (!(value in SUFFIXES) || family.type !== "unknown") throw new Error(`type of ${name}`);
    family.type = value;
  } else if (what === "UNIT") {
    if (family.unit !== null || !name.endsWith(`_${value}`)) throw new Error(`${name} doesn't end in its unit`);
    family.unit = value;
  } else {
    if (family.help !== null || !/^(?:[^\\]|\\[\\n"])*$/.test(value)) throw new Error(`help of ${name}`);
    family.help = value;
  }
}

function readSample(line: string): ReadSample {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0] ?? "";
  let rest = line.slice(name.length);
  const labels = new Map<string, string>();
  if (rest.startsWith("{")) rest = readLabels(rest.slice(1), labels);
  const value = /^ ([^ ]+)$/.exec(rest)?.[1] ?? "";
  if (name === "" || !NUMBER.test(value)) throw new Error(`no sample: ${line}`);
  return { name, labels, value: Number(value.replace(/^\+?inf$/i, "Infinity")) };
}

/** @returns what stands behind the closing brace */
function readLabels(text: string, labels: Map<string, string>): string {
  let rest = text;
  while (!rest.startsWith("}")) {
    const found = /^([^=]+)="((?:[^"\\\n]|\\[\\n"])*)"(,(?!\}))?/.exec(rest);
    if (found === null) throw new Error(`no label: ${rest}`);
    const [whole, label = "", value = "", comma] = found;
    if (!LABEL.test(label) || labels.has(label)) throw new Error(`label ${label}`);
    labels.set(
      label,
      value.replaceAll(/\\(.)/g, (_, one: string) => (one === "n" ? "\n" : one)),
    );
    rest = rest.slice(whole.length);
    if (comma === undefined && !rest.startsWith("}")) throw new Error(`labels without a comma: ${rest}`);
  }
  return rest.slice(1);
}

function addSample(families: readonly Building[], sample: ReadSample): void {
  const family = families.at(-1);
  const suffixes = SUFFIXES[family?.type ?? ""] ?? [];
  if (family === undefined || !suffixes.some((suffix) => sample.name === family.name + suffix))
    throw new Error(`${sample.name} is no sample of the family above it`);
  family.samples.push(sample);
}

function judge(family: Building): void {
  const keys = family.samples.map(({ name, labels }) =>
    JSON.stringify([name, [...labels].toSorted(([a], [b]) => (a < b ? -1 : 1))]),
  );
  if (new Set(keys).size < keys.length) throw new Error(`${family.name} has one sample twice`);
  if (family.type === "counter" && family.samples.some(({ value }) => !(value >= 0)))
    throw new Error(`${family.name} counts below zero`);
  if (family.type === "info" && family.samples.some(({ value }) => value !== 1))
    throw new Error(`${family.name} isn't 1`);
  if (family.type === "histogram") judgeHistogram(family);
}

function judgeHistogram({ name, samples }: Building): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const bounds = buckets.map(({ labels }) => {
    const le = labels.get("le") ?? "";
    if (le !== "+Inf" && !/^[0-9]+\.[0-9]+$/.test(le)) throw new Error(`${name} has a bound ${le}`);
    return le === "+Inf" ? Infinity : Number(le);
  });
  const values = buckets.map(({ value }) => value);
  const isAscending = (list: readonly number[], strictly: boolean): boolean =>
    list.every((each, at) => at === 0 || each > (list[at - 1] ?? 0) || (!strictly && each === list[at - 1]));
  if (bounds.at(-1) !== Infinity || !isAscending(bounds, true) || !isAscending(values, false))
    throw new Error(`${name} has buckets that aren't cumulative, or no last one`);
  const count = samples.find((sample) => sample.name === `${name}_count`)?.value;
  if (count !== values.at(-1)) throw new Error(`${name} counts something else than its last bucket`);
  if (!samples.some((sample) => sample.name === `${name}_sum`)) throw new Error(`${name} has no sum`);
}
