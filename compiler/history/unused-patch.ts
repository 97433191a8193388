/**
 * Takes away what nobody used from the sources, as far as that can be done without loosening anything: the result
 * compiles, and a comparison of both policies finds nothing that is looser.
 */
import {
  type AgentDeclaration,
  type AgentItem,
  type Name,
  parse,
  positionOf,
  type RuleNode,
  type Source,
  type Span,
} from "../../dsl/index.ts";
import { diffPolicies } from "../analysis/index.ts";
import { compile, type CompileOptions } from "../compile.ts";
import type { Table } from "../../engine/index.ts";
import { type LineChange, unifiedDiff, withChanges } from "./unified-diff.ts";
import type { UnusedGrant, UnusedOfAgent } from "./unused-report.ts";

export interface PatchedGrants {
  readonly agents: readonly UnusedOfAgent[];
  readonly patch: string;
  readonly patched: number;
}

export function patchUnused(
  table: Table,
  sources: readonly Source[],
  options: CompileOptions,
  agents: readonly UnusedOfAgent[],
): PatchedGrants {
  const found = declarationsOf(sources);
  const placed = agents.map((of) => ({
    ...of,
    unused: withSomeRole(of.unused.map((grant) => placedGrant(found, sources, of.agent, grant))),
  }));
  const edits = placed.flatMap(({ unused }) => unused.flatMap(({ edit }) => (edit === null ? [] : [edit])));
  const changes = changesOf(sources, edits);
  const refusal = refusalOf(table, sources, options, changes);
  const told = placed.map((of) => ({ ...of, unused: of.unused.map(({ grant }) => withheld(grant, refusal)) }));
  const patch =
    refusal !== null ? "" : sources.map(({ name, text }) => unifiedDiff(name, text, changes.get(name) ?? [])).join("");
  const patched = told.reduce((sum, { unused }) => sum + unused.filter(({ kept }) => kept === null).length, 0);
  return { agents: told, patch, patched };
}

function withheld(grant: UnusedGrant, refusal: string | null): UnusedGrant {
  return grant.kept !== null || refusal === null ? grant : { ...grant, kept: refusal };
}

/** A span and what comes into its place; empty: its lines go. */
interface Edit {
  readonly span: Span;
  readonly by: string;
}

interface Declarations {
  readonly rules: readonly RuleNode[];
  readonly agents: readonly AgentDeclaration[];
  /** Names that stand behind a `like`. */
  readonly models: ReadonlySet<string>;
}

function declarationsOf(sources: readonly Source[]): Declarations {
  const declarations = sources.flatMap((source) => parse(source).file.declarations);
  const agents = declarations.filter((one) => one.kind === "Agent");
  const blocks = declarations.flatMap((one) => (one.kind === "Role" || one.kind === "Agent" ? [one.items] : []));
  const rules = blocks.flatMap((items) => [...items]).filter((item): item is RuleNode => item.kind === "Rule");
  return { rules, agents, models: new Set(agents.flatMap(({ like }) => (like === null ? [] : [like.value]))) };
}

interface PlacedGrant {
  readonly grant: UnusedGrant;
  readonly edit: Edit | null;
}

function placedGrant(found: Declarations, sources: readonly Source[], agent: string, grant: UnusedGrant): PlacedGrant {
  if (grant.kept !== null) return { grant, edit: null };
  const keep = (kept: string): PlacedGrant => ({ grant: { ...grant, kept }, edit: null });
  const declaration = found.agents.find(({ name }) => name.value === agent);
  const edit = grant.kind === "rule" ? ruleEdit(found, sources, grant) : itemEdit(declaration, grant);
  if (edit === null) return keep("it isn't written there by itself");
  const isShared = declaration?.like !== null || found.models.has(agent);
  if (isShared && grant.role === null) return keep("agents are `like` one another here");
  const whole = lineChange(sources, edit);
  return whole === null ? keep("it shares its line with something else") : { grant, edit };
}

/** An agent that used none of its roles keeps them: whether it is needed at all is for people to say. */
function withSomeRole(grants: readonly PlacedGrant[]): readonly PlacedGrant[] {
  const going = merged(grants.flatMap(({ grant, edit }) => (edit === null || grant.kind !== "role" ? [] : [edit])));
  if (going.every(({ by }) => by !== "")) return grants;
  const kept = "the agent used none of its roles: is it needed?";
  return grants.map(({ grant, edit }) =>
    grant.kind === "role" && grant.kept === null ? { grant: { ...grant, kept }, edit: null } : { grant, edit },
  );
}

function ruleEdit({ rules }: Declarations, sources: readonly Source[], { place }: UnusedGrant): Edit | null {
  const node = rules.find(({ span }) => {
    const source = sources.find(({ name }) => name === span.source);
    if (source === undefined || place === null || place.file !== span.source) return false;
    const { line, column } = positionOf(source.text, span.start);
    return line === place.line && column === place.column;
  });
  return node === undefined ? null : { span: node.span, by: "" };
}

function itemEdit(declaration: AgentDeclaration | undefined, { kind, text }: UnusedGrant): Edit | null {
  const item = declaration?.items.find((one) => isItemOf(one, kind, text));
  if (item === undefined) return null;
  return { span: item.span, by: item.kind === "Roles" ? rolesWithout(item.names, text) : "" };
}

function isItemOf(item: AgentItem, kind: UnusedGrant["kind"], name: string): boolean {
  if (kind === "may call") return item.kind === "MayCall" && item.agent.value === name;
  if (kind === "may become") return item.kind === "MayBecome" && item.role.value === name;
  return kind === "role" && item.kind === "Roles" && item.names.some(({ value }) => value === name);
}

function rolesWithout(names: readonly Name[], gone: string): string {
  return names
    .map(({ value }) => value)
    .filter((value) => value !== gone)
    .join(", ");
}

/** By source. Several roles that go from one list are one change of its line. */
function changesOf(sources: readonly Source[], edits: readonly Edit[]): ReadonlyMap<string, readonly LineChange[]> {
  const changes = new Map<string, Map<number, LineChange>>();
  for (const edit of merged(edits)) {
    const change = lineChange(sources, edit);
    if (change === null) continue;
    const own = changes.get(edit.span.source) ?? new Map<number, LineChange>();
    changes.set(edit.span.source, own.set(change.from, change));
  }
  return new Map([...changes].map(([name, own]) => [name, [...own.values()]]));
}

function merged(edits: readonly Edit[]): readonly Edit[] {
  const bySpan = new Map<string, Edit>();
  for (const edit of edits) {
    const key = `${edit.span.source} ${edit.span.start}`;
    const before = bySpan.get(key);
    const left = before === undefined ? edit.by : both(before.by, edit.by);
    bySpan.set(key, { ...edit, by: left });
  }
  return [...bySpan.values()];
}

/** Roles that stand in both lists. */
function both(one: string, other: string): string {
  const kept = other.split(", ");
  return one
    .split(", ")
    .filter((name) => kept.includes(name))
    .join(", ");
}

/** Null where something else stands on its lines. Comments above that document it go with it. */
function lineChange(sources: readonly Source[], { span, by }: Edit): LineChange | null {
  const source = sources.find(({ name }) => name === span.source);
  if (source === undefined) return null;
  const { text } = source;
  const lines = text.split("\n");
  const start = text.lastIndexOf("\n", span.start - 1) + 1;
  const endOfLine = text.indexOf("\n", span.end);
  const end = endOfLine < 0 ? text.length : endOfLine;
  const before = text.slice(start, span.start);
  if (before.trim() !== "" || text.slice(span.end, end).trim() !== "") return null;
  const first = positionOf(text, span.start).line;
  const from = by === "" ? withComments(lines, first) : first;
  const to = positionOf(text, Math.max(span.start, span.end - 1)).line;
  const word = /^\S+\s+/.exec(text.slice(span.start, span.end))?.[0] ?? "";
  return { from, to, by: by === "" ? [] : [`${before}${word}${by}`] };
}

/** The first of the comments that document what stands on this line (from 1). */
function withComments(lines: readonly string[], line: number): number {
  const above = lines.slice(0, line - 1).findLastIndex((text) => !text.trimStart().startsWith("///"));
  return above + 2;
}

/** Why nothing may be taken away after all; null where it may. */
function refusalOf(
  before: Table,
  sources: readonly Source[],
  options: CompileOptions,
  changes: ReadonlyMap<string, readonly LineChange[]>,
): string | null {
  if (changes.size === 0) return null;
  const patched = sources.map(({ name, text }) => ({ name, text: withChanges(text, changes.get(name) ?? []) }));
  const { table } = compile(patched, options);
  if (table === null) return "without it the policy doesn't compile";
  const { looser } = diffPolicies(before, table, options.today === undefined ? {} : { from: options.today });
  return looser ? "without it something may be looser: compare by hand" : null;
}
