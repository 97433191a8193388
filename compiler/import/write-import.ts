/** Imported actions as a new file: every one declared, none granted. */
import { parse, print, quote } from "../../dsl/index.ts";
import { visibleLine } from "./comment-lines.ts";
import type { ImportedActions, ImportedServer } from "./imported-action.ts";
import { gateClass, writeAction } from "./write-action.ts";

export function writeImport(imported: ImportedActions): string {
  const { prefix, actions, server } = imported;
  const head = [
    `// Imported from ${visibleLine(imported.source)}. Importing again follows it and keeps what people wrote here.`,
    "// Nothing is granted: an action can't be used before somebody has looked at it.",
  ].join("\n");
  return canonical(
    [
      head,
      ...(server === null ? [] : [serverLine(prefix, server)]),
      writeGateClass(prefix),
      writeGateRule(prefix),
      ...actions.map((action) => writeAction(action, prefix)),
    ].join("\n\n"),
  );
}

export function writeGateClass(prefix: string): string {
  return `class ${gateClass(prefix)}`;
}

/** While the class stands at an action, this keeps every grant away from it. */
export function writeGateRule(prefix: string): string {
  return `every agent {\n/// Imported, and not looked at by anybody yet.\nnever ${gateClass(prefix)}\n}`;
}

export function serverLine(prefix: string, { url, tools, sha256 }: ImportedServer): string {
  return `server ${prefix} mcp ${quote(url ?? "")} tools ${quote(tools)} sha256 ${quote(sha256)}`;
}

/** As `fmt` prints it. What importing writes is right by construction, so a mistake in it is ours. */
export function canonical(text: string): string {
  const { file, diagnostics } = parse({ name: "import", text });
  const error = diagnostics.find(({ level }) => level === "error");
  if (error !== undefined) {
    throw new Error(
      `an import that can't be read: ${error.message}, at ${text.slice(error.span.start, error.span.start + 60)}`,
    );
  }
  return print(file);
}
