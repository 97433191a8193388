/** Reading that remembers: for who reads the same files again and again, of which few have changed. */
import type { File } from "./ast.ts";
import type { Diagnostic, Source } from "./diagnostic.ts";
import { parse } from "./parse.ts";

/** What `parse` is, with or without a memory. */
export type Read = (source: Source) => { readonly file: File; readonly diagnostics: readonly Diagnostic[] };

/** Gives for a file of the same name and text what it gave before; keeps the last text of each name. */
export function createReader(): Read {
  const known = new Map<string, { readonly text: string; readonly result: ReturnType<Read> }>();
  return (source) => {
    const before = known.get(source.name);
    if (before?.text === source.text) return before.result;
    const result = parse(source);
    known.set(source.name, { text: source.text, result });
    return result;
  };
}
