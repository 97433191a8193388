/**
 * A file that was imported once, brought up to its catalogue: parameters and descriptions follow, and all that people
 * wrote stays. A reviewed action whose tool changed is shut until it was looked at again; one whose tool is gone becomes
 * a comment.
 */
import {
  type ActionDeclaration,
  type Diagnostic,
  type File,
  type LimitNode,
  parse,
  print,
  quote,
  type RuleNode,
  type Source,
} from "../../dsl/index.ts";
import { commentOut } from "./comment-out.ts";
import type { ImportedActions } from "./imported-action.ts";
import { reviewedBefore } from "./reviewed-before.ts";
import { updateAction } from "./update-action.ts";
import { gateClass, writeAction } from "./write-action.ts";
import { canonical, serverLine, writeGateClass, writeGateRule, writeImport } from "./write-import.ts";

export interface Updated {
  readonly text: string;
  /** Names of actions. */
  readonly added: readonly string[];
  readonly changed: readonly ChangedAction[];
  readonly gone: readonly string[];
}

export interface ChangedAction {
  readonly name: string;
  /** Parameters and descriptions that became different, one text each, old and new. */
  readonly changes: readonly string[];
  /** It had been reviewed, and is shut until somebody has looked again. */
  readonly shut: boolean;
}

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The diagnostics are of a file that can't be read whole, and is then left alone. */
export type UpdateResult =
  | { readonly ok: true; readonly updated: Updated }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** `existing` null: a new file. */
export function updateImport(existing: Source | null, imported: ImportedActions): UpdateResult {
  const names = imported.actions.map(({ name }) => `${imported.prefix}.${name}`);
  if (existing === null) {
    return { ok: true, updated: { text: writeImport(imported), added: names, changed: [], gone: [] } };
  }
  const { file, diagnostics } = parse(existing);
  if (diagnostics.some(({ level }) => level === "error")) return { ok: false, diagnostics };
  return { ok: true, updated: update(existing.text, file, imported) };
}

function update(text: string, file: File, imported: ImportedActions): Updated {
  const { prefix, actions } = imported;
  const own = file.declarations
    .filter((node) => node.kind === "Action")
    .filter((node) => node.name.segments[0] === prefix);
  const byKey = new Map(actions.map((action) => [action.key, action]));
  const reviewed = reviewedBefore(file, imported);
  const gate = gateClass(prefix);
  const gone = own.filter((node) => !byKey.has(keyOf(node)));
  const updates = own.flatMap((node) => {
    const action = byKey.get(keyOf(node));
    return action === undefined ? [] : [{ node, ...updateAction({ text, file, node, action, reviewed, gate }) }];
  });
  const known = new Set(own.map(keyOf));
  const added = actions.filter(({ key }) => !known.has(key));
  const edits = [
    ...serverEdits(text, file, imported),
    ...updates.flatMap(({ edits }) => edits),
    ...gone.map((node) => commentOut(text, node)),
  ];
  const shuts = added.length > 0 || updates.some(({ shut }) => shut);
  const more = [...(shuts ? missingGate(file, prefix) : []), ...added.map((action) => writeAction(action, prefix))];
  return {
    text: joined(text, file, edits, more),
    added: added.map(({ name }) => `${prefix}.${name}`),
    changed: updates
      .filter(({ changes }) => changes.length > 0)
      .map(({ node, changes, shut }) => ({ name: node.name.value, changes, shut })),
    gone: gone.map(({ name }) => name.value),
  };
}

/** As the catalogue calls it. */
function keyOf({ tool, name }: ActionDeclaration): string {
  return tool?.value ?? name.segments.slice(1).join(".");
}

/** What keeps new actions shut, as far as somebody took it away: an unconditional `never` of the class, and the class. */
function missingGate({ declarations }: File, prefix: string): readonly string[] {
  const gate = gateClass(prefix);
  const declared = declarations.some((node) => node.kind === "Class" && node.names.some(({ value }) => value === gate));
  const shut = declarations.some((node) => node.kind === "EveryAgent" && node.items.some((item) => isShut(item, gate)));
  return [...(declared ? [] : [writeGateClass(prefix)]), ...(shut ? [] : [writeGateRule(prefix)])];
}

function isShut(item: RuleNode | LimitNode, gate: string): boolean {
  if (item.kind !== "Rule" || item.tier !== "never" || item.trial || item.guard !== null || item.on !== null)
    return false;
  if (item.except.length > 0 || item.onExcept.length > 0) return false;
  return item.select.some((one) => one.kind === "NameSelector" && one.name.value === gate);
}

function serverEdits(text: string, file: File, { prefix, server }: ImportedActions): readonly Edit[] {
  if (server === null) return [];
  const node = file.declarations.find((one) => one.kind === "Server" && one.name.value === prefix);
  if (node?.kind !== "Server") {
    const start =
      file.declarations.find((one) => one.kind === "Class" || one.kind === "Action")?.span.start ?? text.length;
    const line = text.lastIndexOf("\n", start - 1) + 1;
    return [{ start: line, end: line, text: `${serverLine(prefix, server)}\n\n` }];
  }
  const values = [
    [node.url, server.url ?? node.url.value],
    [node.tools, server.tools],
    [node.sha256, server.sha256],
  ] as const;
  return values
    .filter(([literal, value]) => literal.value !== value)
    .map(([{ span }, value]) => ({ start: span.start, end: span.end, text: quote(value) }));
}

/** A file that was canonical stays so; one that wasn't is changed in those places alone. */
function joined(text: string, file: File, edits: readonly Edit[], more: readonly string[]): string {
  if (edits.length === 0 && more.length === 0) return text;
  let edited = text;
  for (const { start, end, text: put } of edits.toSorted((left, right) => right.start - left.start)) {
    edited = edited.slice(0, start) + put + edited.slice(end);
  }
  const whole = [edited.trimEnd(), ...more.map((part) => canonical(part).trimEnd())].join("\n\n");
  return print(file) === text ? canonical(`${whole}\n`) : `${whole}\n`;
}
