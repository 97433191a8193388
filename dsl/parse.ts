/** Text to tree. Whatever the text holds, a tree comes out, of all that could be read. */
import type { File } from "./ast.ts";
import type { Diagnostic, Source } from "./diagnostic.ts";
import { PolicyParser } from "./grammar/policy-parser.ts";
import { lex } from "./lex/lex.ts";
import { mistake, mostMistakes } from "./mistake.ts";

let parser: PolicyParser | null = null;

/**
 * Reads one `.agentpolicy` file. Diagnostics are in the order of the text; each mistake is one. Where there is an error
 * the tree lacks the rule or declaration that it stands in, so such a tree is for editors and never for enforcement.
 */
export function parse(source: Source): { file: File; diagnostics: Diagnostic[] } {
  // Made at the first use: the analysis of the grammar costs more than reading a policy.
  parser ??= new PolicyParser();
  const { file, diagnostics } = parser.read(source.name, source.text, lex(source));
  const found = diagnostics.toSorted((left, right) => left.span.start - right.span.start);
  return { file, diagnostics: isForeign(source.text, file, found) ? [noPolicy(found)] : firstOf(found) };
}

/** A declaration or a rule, as one begins a line; a misspelt one too, as far as that can be told from prose. */
const OPENING =
  /^[ \t]*(?:(?:policy|test|prove)\b|(?:every|live|trial)[ \t]+[a-z]|(?:label|set|schedule|group|channel|approval|class|action|server|define|role|agent|gateway|canary|breaker)[ \t]+[A-Za-z_]|(?:allow|notify|ask|never|limit)[ \t])/m;

/** Whether several mistakes are one: another kind of file altogether, in which nothing begins as anything here does. */
function isForeign(text: string, file: File, found: readonly Diagnostic[]): boolean {
  if (found.length < 2 || file.declarations.length > 0) return false;
  return text.includes("\0") || !OPENING.test(text);
}

function noPolicy([first]: readonly Diagnostic[]): Diagnostic {
  const span = first?.span ?? { source: "", start: 0, end: 0 };
  return mistake(1012, span, "this file holds nothing of the policy language", {
    label: "the first of several mistakes",
    help: "give a `.agentpolicy` file, or the directory that holds it; `agentpolicy init` writes one to begin with",
  });
}

function firstOf(diagnostics: Diagnostic[]): Diagnostic[] {
  const last = diagnostics[mostMistakes - 1];
  if (last === undefined || diagnostics.length <= mostMistakes) return diagnostics;
  const more = mistake(1199, last.span, "there are more mistakes behind this one", { help: "correct these first" });
  return [...diagnostics.slice(0, mostMistakes), more];
}
