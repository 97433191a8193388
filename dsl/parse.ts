/** Text to tree. Whatever the text holds, a tree comes out, of all that could be read. */
import type { File } from "./ast.ts";
import type { Diagnostic, Source } from "./diagnostic.ts";
import { fenced, foreignFile } from "./foreign-file.ts";
import { PolicyParser } from "./grammar/policy-parser.ts";
import type { ParamNames } from "./habits/habit.ts";
import { type Mends, retell } from "./habits/retell.ts";
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
  return { file, diagnostics: told(source, file, found) };
}

/** What a reader is told of these mistakes, in the order of the text. */
function told(source: Source, file: File, found: readonly Diagnostic[]): Diagnostic[] {
  if (found.length === 0) return [];
  const page = fenced(source.text, found);
  if (page !== null) return firstOf(page);
  const foreign = foreignFile(source.text, file, found);
  return foreign === null
    ? firstOf(
        retell(source.text, found.slice(0, 4 * mostMistakes), { mends: tryingIn(source), params: paramsIn(file) }),
      )
    : [foreign];
}

/** Longer files, and more lines than these, aren't read again for the sake of a better message. */
const longestTried = 20_000;
const mostTried = 20;

/** Tries lines by reading the file with them. */
function tryingIn({ name, text }: Source): Mends {
  let tried = 0;
  return (start, end, line) => {
    if (parser === null || text.length > longestTried || ++tried > mostTried) return true;
    const mended = text.slice(0, start) + line + text.slice(end);
    const { diagnostics } = parser.read(name, mended, lex({ name, text: mended }));
    return !diagnostics.some(({ span }) => span.start >= start && span.start <= start + line.length);
  };
}

/** The parameters of the actions that the file declares. */
function paramsIn({ declarations }: File): ParamNames {
  return (action) =>
    declarations.flatMap((one) =>
      one.kind === "Action" && one.name.value === action ? (one.params ?? []).map(({ name }) => name.value) : [],
    );
}

function firstOf(diagnostics: Diagnostic[]): Diagnostic[] {
  const last = diagnostics[mostMistakes - 1];
  if (last === undefined || diagnostics.length <= mostMistakes) return diagnostics;
  const more = mistake(1199, last.span, "there are more mistakes behind this one", { help: "correct these first" });
  return [...diagnostics.slice(0, mostMistakes), more];
}
