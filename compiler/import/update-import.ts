/**
 * A file that was imported once, brought up to its catalogue: parameters and descriptions follow, and all that people
 * wrote stays. Nothing that is there gets looser but by what the catalogue itself adds, and the summary tells that.
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
import type { ImportedAction, ImportedActions } from "./imported-action.ts";
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
  /** Parameters that became different; empty where only what is said about it did. */
  readonly changes: readonly string[];
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
  const updates = own.map((node) => ({
    node,
    ...updateAction({ text, file, node, action: byKey.get(keyOf(node)) ?? null }),
  }));
  const known = new Set(own.map(keyOf));
  const added = actions.filter(({ key }) => !known.has(key));
  const edits = [...serverEdits(text, file, imported), ...updates.flatMap(({ edits }) => edits)];
  return {
    text: joined(text, file, edits, appended(file, added, prefix)),
    added: added.map(({ name }) => `${prefix}.${name}`),
    changed: updates
      .filter(({ state }) => state === "changed")
      .map(({ node, changes }) => ({ name: node.name.value, changes })),
    gone: updates.filter(({ state }) => state === "gone").map(({ node }) => node.name.value),
  };
}

/** As the catalogue calls it. */
function keyOf({ tool, name }: ActionDeclaration): string {
  return tool?.value ?? name.segments.slice(1).join(".");
}

function appended(file: File, added: readonly ImportedAction[], prefix: string): readonly string[] {
  if (added.length === 0) return [];
  return [...missingGate(file, prefix), ...added.map((action) => writeAction(action, prefix))];
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
