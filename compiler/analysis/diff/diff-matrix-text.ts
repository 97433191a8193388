/** The changed cells as a matrix: actions down, agents across, in bands as wide as the terminal. */
import { printable } from "../../terminal/printable.ts";
import type { PolicyDiff } from "./policy-diff.ts";

/** More agents than these are counted instead. */
const MOST_AGENTS = 24;

/** Empty where no cell changed. */
export function diffMatrixText({ matrix }: PolicyDiff, { width }: { readonly width: number }): string {
  const changed = matrix.actions.flatMap((name, at) =>
    matrix.marks.some((row) => row[at] !== "·") ? [{ name, at }] : [],
  );
  const agents = matrix.agents.flatMap((name, at) =>
    matrix.marks[at]?.some((mark) => mark !== "·") ? [{ name, at }] : [],
  );
  if (changed.length === 0) return "";
  const left = Math.min(Math.max(...changed.map(({ name }) => name.length)), Math.floor(width / 2));
  const bands = inBands(agents.slice(0, MOST_AGENTS), width - left);
  const texts = bands.map((band) => {
    const head = [" ".repeat(left), ...band.map(({ name }) => printable(name))].join("  ");
    const rows = changed.map(({ name, at }) => {
      const cells = band.map((agent) => (matrix.marks[agent.at]?.[at] ?? "·").padEnd(agent.name.length));
      return [printable(name).slice(0, left).padEnd(left), ...cells].join("  ").trimEnd();
    });
    return [head, ...rows].join("\n");
  });
  const more = agents.length - MOST_AGENTS;
  const legend = "▲ looser   ▼ stricter   ~ there may be more   · the same";
  return [...texts, ...(more > 0 ? [`and ${more} more agents`] : []), legend].join("\n\n");
}

function inBands<Item extends { readonly name: string }>(
  items: readonly Item[],
  room: number,
): readonly (readonly Item[])[] {
  const bands: Item[][] = [[]];
  let used = 0;
  for (const item of items) {
    const wide = item.name.length + 2;
    if (used + wide > room && (bands.at(-1)?.length ?? 0) > 0) {
      bands.push([]);
      used = 0;
    }
    bands.at(-1)?.push(item);
    used += wide;
  }
  return bands;
}
