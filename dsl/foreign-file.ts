/** A file that is no policy at all, or a page that holds one: told as one mistake, and not token by token. */
import type { File } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { mistake } from "./mistake.ts";

/** What the file is instead, by how it begins or what stands in it; the first that fits. */
const kinds: readonly (readonly [string, RegExp])[] = [
  // oxlint-disable-next-line no-control-regex -- what it looks for
  ["no text", /\0/],
  ["JSON", /^\s*(?:\{\s*(?:"|\})|\[\s*(?:["{[\]]|-?\d))/],
  ["HTML or XML", /^\s*<[!?A-Za-z]/],
  ["Rego", /^\s*(?:#[^\n]*\n\s*)*package\s+[\w.]+\s*\n/],
  ["Cedar", /^\s*(?:(?:\/\/|@)[^\n]*\n\s*)*(?:permit|forbid)\s*\(/],
  ["TOML", /^(?:\s*#[^\n]*\n)*\s*\[\[?[\w.-]+\]\]?[ \t]*\n/],
  ["Terraform", /^\s*(?:terraform|provider|resource|module|variable|locals|data)\s*(?:"[^"]*"\s*){0,2}\{/],
  [
    "a program",
    /^\s*(?:from\s+[\w.]+\s+import\b|import\s+[\w{*]+[^"\n]*|#!|def\s+\w+\(|(?:export\s+)?(?:const|function|class)\s+\w+)/,
  ],
  ["prose", /^\s*[A-Z][a-z]+(?:,?\s+[\w'’-]+){4,}[^\n]*[.:!]\s*(?:\n|$)/],
  ["Markdown", /^\s*#{1,6} \S/],
];

/** A declaration or a rule, as one begins a line; a misspelt one too, as far as that can be told from prose. */
const OPENING =
  /^[ \t]*(?:(?:policy|test|prove)\b|(?:every|live|trial)[ \t]+[a-z]|(?:label|set|schedule|group|channel|approval|class|action|server|define|role|agent|gateway|canary|breaker)[ \t]+[A-Za-z_]|(?:allow|notify|ask|never|limit)[ \t])/m;

/** The one mistake of a file in which nothing begins as anything here does; null where it is a policy. */
export function foreignFile(text: string, file: File, [first, ...others]: readonly Diagnostic[]): Diagnostic | null {
  if (first === undefined || file.declarations.length > 0) return null;
  const beginning = text.slice(0, 20_000);
  const kind = isYaml(beginning) ? "YAML" : kinds.find(([, sign]) => sign.test(beginning))?.[0];
  if (kind === undefined && (others.length === 0 || OPENING.test(beginning))) return null;
  const message =
    kind === undefined ? "this file holds nothing of the policy language" : `this is ${kind}, not a policy`;
  return mistake(1012, first.span, message, {
    label: "the first of its mistakes",
    help: "give a `.agentpolicy` file, or the directory that holds it; `agentpolicy init` writes one to begin with",
  });
}

/** Whether most lines are keys and items; a policy's own lines seldom are. */
function isYaml(text: string): boolean {
  const lines = text.split(/\r?\n/, 200).filter((line) => /\S/.test(line) && !/^\s*#/.test(line));
  const like = lines.filter((line) => /^\s*(?:---|- .*|-?\s*["']?[\w./-]+["']?:(?:\s.*)?)$/.test(line));
  return like.length > 1 && like.length >= lines.length * 0.8;
}

const FENCE = /^[ \t]*(?:```|~~~)[^\n]*$/gm;

/** A policy in a page of Markdown: the fence is told, and nothing of what stands around it. Null without a fence. */
export function fenced(text: string, found: readonly Diagnostic[]): Diagnostic[] | null {
  const [opens, ...others] = [...text.matchAll(FENCE)].slice(0, 1_000);
  if (opens === undefined || !found.some(({ span }) => isIn(span.start, opens))) return null;
  const closes = others.at(-1);
  const inside = ({ span }: Diagnostic): boolean =>
    span.start > opens.index + opens[0].length &&
    span.start < (closes?.index ?? Infinity) &&
    !others.some((fence) => isIn(span.start, fence));
  const source = found[0]?.span.source ?? "";
  const start = opens.index + opens[0].length - opens[0].trimStart().length;
  const span = { source, start, end: opens.index + opens[0].trimEnd().length };
  const help = "delete the lines that begin so, and all text around them";
  return [
    mistake(1126, span, "a policy stands in its file alone, without the fences of Markdown", { help }),
    ...found.filter(inside),
  ];
}

function isIn(offset: number, line: RegExpExecArray): boolean {
  return offset >= line.index && offset <= line.index + line[0].length;
}
