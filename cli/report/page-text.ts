/** A page of Markdown as a terminal shows it: headings, indented policies, wrapped paragraphs, no marks of Markdown. */
import type { Colours } from "../terminal.ts";

export interface PageTextOptions {
  readonly colours: Colours;
  readonly width: number;
}

/** Pages hold headings, fenced policies, paragraphs and lists; nothing else. */
export function pageText(markdown: string, { colours, width }: PageTextOptions): string {
  const blocks = [...markdown.matchAll(/^```\S*(.*)\n([^]*?)^```$|^(#+) (.+)$|((?:^(?!```|#).*\S.*\n?)+)/gm)];
  const parts = blocks.map(([, words, policy, marks, heading, text]) => {
    if (policy !== undefined) return policyText(policy, words ?? "", colours);
    if (heading !== undefined) return colours.bold(marks === "#" ? wrapped(heading, "", width) : inline(heading));
    return paragraphs(text ?? "", width);
  });
  return `${parts.join("\n\n")}\n`;
}

/** A policy is shown as it is written. The words behind the fence say how the tests read it; only a file's name helps. */
function policyText(policy: string, words: string, colours: Colours): string {
  const file = /\bfile=(\S+)/.exec(words)?.[1];
  const lines = policy.trimEnd().split("\n");
  const shown = file === undefined ? lines : [`// ${file}`, ...lines];
  return shown.map((line) => (line === "" ? "" : `    ${colours.cyan(line)}`)).join("\n");
}

function paragraphs(text: string, width: number): string {
  const items = text.trimEnd().split(/\n(?=[-*] )/);
  return items
    .map((item) => {
      const bullet = /^[-*] /.test(item);
      const line = inline(item.replace(/^[-*] /, "").replaceAll("\n", " "));
      return wrapped(line, bullet ? "  - " : "  ", width);
    })
    .join("\n");
}

/** Backticks stay, as in every message: they tell policy words from others. */
function inline(text: string): string {
  return text.replace(/\*\*([^*]+)\*\*/g, "$1").replace(/\[([^\]]+)\]\([^)]*\)/g, "$1");
}

function wrapped(text: string, lead: string, width: number): string {
  const lines: string[] = [];
  let line = lead;
  for (const word of text.split(/\s+/)) {
    const next = line.trim() === "" || line === lead ? `${line}${word}` : `${line} ${word}`;
    if (next.length <= width || line === lead) line = next;
    else {
      lines.push(line);
      line = `${" ".repeat(lead.length)}${word}`;
    }
  }
  return [...lines, line].join("\n");
}
