/** Actions: parameters, classes, resources and labels, with conditions over the action's own arguments. */
import type { ActionDeclaration, ClassItem, Guard, LabelClause, ResourceItem } from "../../dsl/index.ts";
import type { Action, Condition, Param } from "../../engine/index.ts";
import { BUILT_IN_CLASSES, REQUIRED_CLASSES } from "../collect/names.ts";
import type { Placed } from "../program.ts";
import { sortedSet } from "../sorted-set.ts";
import { noReads, type Scope } from "../type/scope.ts";
import { type Guarded, typeGuard } from "../type/type-guard.ts";
import type { Resolver } from "./context.ts";
import { lookup, lookupAll, reportUnknown } from "./context.ts";
import { readBeyondArguments } from "./read-beyond-arguments.ts";
import { readsSession } from "./reads-session.ts";
import type { ToolServers } from "./resolve-server.ts";
import { type ActionTool, resolveTool } from "./resolve-tool.ts";
import { resolveTemplate } from "./template.ts";

/**
 * The action. What is wrong in it is left out, with its message, so that rules about it are still judged by the rest;
 * its name is then added to `faulty`.
 */
export function resolveAction(resolver: Resolver, node: ActionDeclaration, servers: ToolServers): Placed<Action> {
  const tool = resolveTool(node, servers, resolver.report);
  if (!tool.sound) resolver.faulty.add(node.name.value);
  return { row: resolveRow(resolver, node, tool), span: node.name.span };
}

function resolveRow(resolver: Resolver, node: ActionDeclaration, { params, open, tool, sound }: ActionTool): Action {
  const own = { name: node.name.value, params };
  const guards = (guard: Guard | null): Guarded => resolveGuard(resolver, own, guard);
  requireClass(resolver, node);
  const classes = node.classes.map((item) => resolveClass(resolver, item, guards(item.guard)));
  // Holes in its templates can't be judged by parameters that aren't known.
  const isUnknown = node.params === null && !sound;
  const resources = isUnknown ? [] : resolveResources(resolver, node, params, guards);
  const yields = node.yields.map((clause) => resolveYield(resolver, clause, guards(clause.guard)));
  if ([...classes, ...(resources ?? []), ...yields].includes(null)) resolver.faulty.add(own.name);
  return {
    ...own,
    open,
    classes: sortRows(classes),
    resources: resources && sortRows(resources),
    yields: sortRows(yields),
    clears: lookupAll(resolver, "label", node.clears),
    recovery: node.recovery?.value ?? null,
    tool,
    doc: node.doc,
  };
}

function resolveGuard(resolver: Resolver, own: Pick<Action, "name" | "params">, guard: Guard | null): Guarded {
  const scope: Scope = {
    context: resolver,
    actions: [own],
    variables: new Map(),
    inQuantifier: false,
    negated: guard?.unless ?? false,
    grantingTier: null,
    reads: noReads(),
  };
  return typeGuard(guard, scope, "clause", resolver);
}

function requireClass(resolver: Resolver, node: ActionDeclaration): void {
  if (node.classes.some((item) => REQUIRED_CLASSES.includes(item.name.value))) return;
  // A class whose name is wrong has its own message.
  if (node.classes.some((item) => !isClass(resolver, item.name.value))) return;
  resolver.report.error("AP3070", {
    span: node.name.span,
    message: `\`${node.name.value}\` has none of the classes that guards work by`,
    label: "would escape rules such as `never delete`",
    help: "say what it does: `is read`, `write`, `delete`, `execute`, `admin`, `spend` or `external`",
  });
}

function isClass(resolver: Resolver, name: string): boolean {
  return BUILT_IN_CLASSES.includes(name) || resolver.names.by.class.has(name);
}

function resolveClass(resolver: Resolver, item: ClassItem, { sound, when }: Guarded): Action["classes"][number] | null {
  const name = item.name.value;
  resolver.used.add(`class ${name}`);
  if (!isClass(resolver, name)) {
    const known = [...BUILT_IN_CLASSES, ...resolver.names.by.class.keys()];
    reportUnknown(resolver.report, { code: "AP2016", what: "class", name: item.name }, known);
    return null;
  }
  return sound && isByArguments(resolver, "a class", item, when) ? { name, when } : null;
}

/** What a request is, and what it acts on, is the same whoever asks and whenever: rules weigh the rest. */
function isByArguments(
  { report }: Resolver,
  what: string,
  { guard, span }: Pick<ClassItem, "guard" | "span">,
  when: Condition | null,
): boolean {
  const read = when && readBeyondArguments(when);
  if (read === null) return true;
  report.error("AP3109", {
    span: guard?.span ?? span,
    message: `${what} can depend on the arguments only`,
    label: `reads ${read}`,
    help: "put it into the rule",
  });
  return false;
}

type ResourceRow = NonNullable<Action["resources"]>[number];

function resolveResources(
  resolver: Resolver,
  node: ActionDeclaration,
  params: readonly Param[],
  guards: (guard: Guard | null) => Guarded,
): readonly (ResourceRow | null)[] | null {
  if (node.resources === null) {
    resolver.report.error("AP3071", {
      span: node.name.span,
      message: `\`${node.name.value}\` doesn't say what it acts on`,
      label: "no resource",
      help: 'write `on "things/{id}"`, or `on none` where there is nothing to name',
    });
    return [null];
  }
  if ("kind" in node.resources) return null;
  return node.resources.map((item: ResourceItem) => {
    const declared = (node.params ?? params).map((param) =>
      typeof param.name === "string" ? param.name : param.name.value,
    );
    const template = resolveTemplate(item.template, { params, declared }, resolver.report);
    const { sound, when } = guards(item.guard);
    if (when !== null && readsSession(when)) return refuseSession(resolver, item);
    if (!isByArguments(resolver, "what an action acts on", item, when)) return null;
    return template && sound ? { template, when } : null;
  });
}

/** What a request acts on is settled before its session is asked. */
function refuseSession(resolver: Resolver, item: ResourceItem): null {
  resolver.report.error("AP3072", {
    span: item.guard?.span ?? item.span,
    message: "what an action acts on can't depend on its session or a live set",
    label: "known only later",
    help: "let the arguments decide the resource, and write the rest into a rule",
  });
  return null;
}

function resolveYield(
  resolver: Resolver,
  clause: LabelClause,
  { sound, when }: Guarded,
): Action["yields"][number] | null {
  const label = lookup(resolver, "label", clause.label);
  return label && sound ? { label: clause.label.value, when } : null;
}

/** Sorted, each once; those with a mistake have been refused before. */
function sortRows<Row>(rows: readonly (Row | null)[]): readonly Row[] {
  return sortedSet(rows.filter((row) => row !== null));
}
