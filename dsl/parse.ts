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
  return { file, diagnostics: firstOf(diagnostics.toSorted((left, right) => left.span.start - right.span.start)) };
}

function firstOf(diagnostics: Diagnostic[]): Diagnostic[] {
  const last = diagnostics[mostMistakes - 1];
  if (last === undefined || diagnostics.length <= mostMistakes) return diagnostics;
  const more = mistake(1199, last.span, "there are more mistakes behind this one", { help: "correct these first" });
  return [...diagnostics.slice(0, mostMistakes), more];
}
