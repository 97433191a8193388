/** `reuse N in D varying (ARGS)`: what varies may not be anything that decided whether, or on what, the approval holds. */
import type { Name, Span } from "../../dsl/index.ts";
import type { Action } from "../../engine/index.ts";
import { nearestName } from "../nearest-name.ts";
import type { ResolvedBlock, ResolvedLimit, ResolvedRule } from "../program.ts";
import { isInvented, replaceWith, spell } from "../report.ts";
import { listNames } from "../type/type-path.ts";
import type { Actions } from "./actions.ts";
import type { Resolver } from "./context.ts";
import { readsArgument, searchesAll } from "./reads-argument.ts";

export function checkReuse(resolver: Resolver, actions: Actions, blocks: readonly ResolvedBlock[]): void {
  for (const node of resolver.names.by.approval.values()) {
    const setting = node.settings.find((candidate) => candidate.kind === "Reuse");
    if (!setting || setting.varying.length === 0) continue;
    const asking = askingActions(node.name.value, actions, blocks);
    for (const name of setting.varying) {
      if (isInvented(name) || !declaredByAll(resolver, name, asking)) continue;
      const reader = findReader(resolver, name.value, asking, blocks);
      if (reader) refuseRead(resolver, name, reader);
    }
  }
}

/** What can be asked by way of the approval. */
function askingActions(approval: string, actions: Actions, blocks: readonly ResolvedBlock[]): readonly Action[] {
  const asking = new Set(
    blocks.flatMap(({ rules, limits }) => [
      ...rules.filter((rule) => !rule.trial && rule.via.includes(approval)).flatMap((rule) => [...rule.actions]),
      ...limits.filter((limit) => !limit.trial && limit.via === approval).flatMap((limit) => [...limit.actions]),
    ]),
  );
  return actions.all.filter((action) => asking.has(action));
}

function declaredByAll({ report, faulty }: Resolver, name: Name, actions: readonly Action[]): boolean {
  const missing = actions.filter(({ params }) => !params.some((param) => param.name === name.value));
  if (missing.length === 0) return true;
  if (missing.some((action) => faulty.has(action.name))) return false;
  const names = missing.flatMap(({ params }) => params.map((param) => param.name));
  const near = missing.length === actions.length ? nearestName(name.value, names) : null;
  report.error("AP5112", {
    span: name.span,
    message: `not every action that this approval is asked for has an argument \`${name.value}\``,
    label: `not declared by ${listNames(missing.map((action) => action.name))}`,
    help: near === null ? "use an approval of its own for those that have it" : `did you mean \`${spell(near)}\`?`,
    fix: near === null ? null : replaceWith(name.span, spell(near)),
  });
  return false;
}

interface Reader {
  readonly what: string;
  readonly span: Span;
}

function findReader(
  resolver: Resolver,
  argument: string,
  actions: readonly Action[],
  blocks: readonly ResolvedBlock[],
): Reader | null {
  for (const action of actions) {
    const reader = readerInAction(resolver, argument, action);
    if (reader) return reader;
  }
  const concerned = new Set(actions);
  for (const block of blocks) {
    const rows = [...block.rules, ...block.limits];
    const row = rows.find(
      (one) => !one.trial && reads(one, argument) && one.actions.some((each) => concerned.has(each)),
    );
    if (row) return { what: `${"tier" in row ? "a rule" : "a limit"} of ${blockName(block)}`, span: row.node.span };
  }
  return null;
}

/** Its resources, and what its classes and labels depend on. */
function readerInAction({ names }: Resolver, argument: string, action: Action): Reader | null {
  const { classes, resources, yields } = action;
  const templates = (resources ?? []).flatMap(({ template }) => [...template]);
  const named = templates.some((segment) => segment.kind === "hole" && segment.path[0] === argument);
  const tested = [...classes, ...(resources ?? []), ...yields].some(
    ({ when }) => readsArgument(when, argument) || searchesAll(when),
  );
  const node = names.by.action.get(action.name);
  if (!node || !(named || tested)) return null;
  const [item] = Array.isArray(node.resources) ? node.resources : [];
  return named
    ? { what: `the resource of \`${action.name}\``, span: item?.span ?? node.name.span }
    : { what: `a condition of \`${action.name}\``, span: node.name.span };
}

function reads(row: ResolvedRule | ResolvedLimit, argument: string): boolean {
  if (readsArgument(row.when, argument) || readsArgument(row.scope, argument)) return true;
  // A `never` is decided again for each later request, so what it looks for is found there too.
  if (searchesAll(row.when) && !("tier" in row && row.tier === "never")) return true;
  return "keys" in row && [row.total, ...row.keys].some((path) => path?.[0] === argument);
}

function blockName({ kind, name }: ResolvedBlock): string {
  return kind === "every" ? "`every agent`" : `${kind} \`${name}\``;
}

function refuseRead({ report }: Resolver, name: Name, { what, span }: Reader): void {
  report.error("AP5113", {
    span: name.span,
    message: `\`${name.value}\` can't vary: ${what} reads it`,
    label: "another value may need another decision",
    related: [{ span, label: "read here" }],
    help: "remove it from `varying`: a request with another value is then asked for anew",
  });
}
