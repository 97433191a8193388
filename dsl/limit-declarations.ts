/** Keeps a policy to as many declarations as are compiled within 200 MB of heap. */
import type { File } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { mistake } from "./mistake.ts";

const mostDeclarations = 20_000;

interface Limited {
  readonly files: readonly File[];
  /** One where some were left out: a mistake of the text, so what only lacks their names isn't told beside it. */
  readonly mistakes: readonly Diagnostic[];
}

/** The files of one policy with the first 20,000 of their declarations. */
export function limitDeclarations(files: readonly File[]): Limited {
  let left = mostDeclarations;
  const kept: File[] = [];
  const mistakes: Diagnostic[] = [];
  for (const file of files) {
    const surplus = file.declarations[left];
    kept.push(surplus === undefined ? file : { ...file, declarations: file.declarations.slice(0, left) });
    if (surplus !== undefined && mistakes.length === 0) mistakes.push(tooMany(surplus.span));
    left = Math.max(0, left - file.declarations.length);
  }
  return { files: kept, mistakes };
}

function tooMany(span: Diagnostic["span"]): Diagnostic {
  const help = "list names in one `set`, give rules to one role of many agents, or make it several policies";
  const label = "the first that is one too many";
  return mistake(1107, span, `a policy holds at most ${mostDeclarations} declarations`, { label, help });
}
