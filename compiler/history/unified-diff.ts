/** Changes of whole lines as a unified diff, as `git apply` and `patch -p1` read it. */

/** Lines `from` to `to` (from 1, both included) become these; none: they are taken out. */
export interface LineChange {
  readonly from: number;
  readonly to: number;
  readonly by: readonly string[];
}

const CONTEXT = 3;

/** @param changes apart from each other @returns empty where nothing changes */
export function unifiedDiff(path: string, text: string, changes: readonly LineChange[]): string {
  if (changes.length === 0) return "";
  const lines = text.split("\n");
  const isEnded = lines.at(-1) === "";
  if (isEnded) lines.pop();
  const groups = grouped(changes.toSorted((a, b) => a.from - b.from));
  let shift = 0;
  const hunks = groups.map((group) => {
    const hunk = hunkOf(lines, group, shift, isEnded);
    shift += group.reduce((sum, { from, to, by }) => sum + by.length - (to - from + 1), 0);
    return hunk;
  });
  return `--- a/${path}\n+++ b/${path}\n${hunks.join("")}`;
}

/** The text with the changes made. */
export function withChanges(text: string, changes: readonly LineChange[]): string {
  const lines = text.split("\n");
  for (const { from, to, by } of changes.toSorted((a, b) => b.from - a.from))
    lines.splice(from - 1, to - from + 1, ...by);
  return lines.join("\n");
}

/** Those whose surroundings touch stand in one hunk. */
function grouped(changes: readonly LineChange[]): readonly (readonly LineChange[])[] {
  const groups: LineChange[][] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (last !== undefined && before !== undefined && change.from - before.to <= 2 * CONTEXT) last.push(change);
    else groups.push([change]);
  }
  return groups;
}

function hunkOf(lines: readonly string[], group: readonly LineChange[], shift: number, isEnded: boolean): string {
  const first = Math.max(1, (group[0]?.from ?? 1) - CONTEXT);
  const last = Math.min(lines.length, (group.at(-1)?.to ?? 1) + CONTEXT);
  const body: string[] = [];
  let [at, added] = [first, 0];
  const keep = (to: number): void => {
    for (; at <= to; at++) body.push(lineOf(" ", lines, at, isEnded));
  };
  for (const { from, to, by } of group) {
    keep(from - 1);
    for (; at <= to; at++) body.push(lineOf("-", lines, at, isEnded));
    body.push(...by.map((line) => `+${line}\n`));
    added += by.length - (to - from + 1);
  }
  keep(last);
  const count = last - first + 1;
  return `@@ -${first},${count} +${first + shift},${count + added} @@\n${body.join("")}`;
}

function lineOf(mark: string, lines: readonly string[], number: number, isEnded: boolean): string {
  const end = number === lines.length && !isEnded ? "\n\\ No newline at end of file\n" : "\n";
  return `${mark}${lines[number - 1] ?? ""}${end}`;
}
