/** The bench's policy in many files, and an edit of one of them. */
import type { Source } from "../../dsl/index.ts";
import { policyOfLines } from "./policy-of-lines.ts";

/** The same policy, cut between its declarations into so many files of about the same length. */
export function filesOfLines(lines: number, count: number): readonly Source[] {
  const pieces = policyOfLines(lines).split(/\n\n(?=\/\/\/ Reads a record)/);
  const each = Math.ceil(pieces.length / count);
  return Array.from({ length: count }, (_, index) => ({
    name: `bench-${index}.agentpolicy`,
    text: pieces.slice(index * each, (index + 1) * each).join("\n\n"),
  }));
}

/** The sources with another number in one of them. */
export function changedFile(sources: readonly Source[], edit: number): readonly Source[] {
  const at = edit % sources.length;
  return sources.map((source, index) =>
    index === at
      ? { ...source, text: source.text.replace(/args\.amount <= \d+/, `args.amount <= ${edit + 51}`) }
      : source,
  );
}
