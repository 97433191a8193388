/** `reuse N in D varying (ARGS)`: what varies may not be anything that decided whether, or on what, the approval holds. */
import type { Name } from "../../dsl/index.ts";
import type { Action } from "../../engine/index.ts";
import { nearestName } from "../nearest-name.ts";
import type { ResolvedBlock } from "../program.ts";
import { guessAt, isInvented, spell } from "../report.ts";
import { listNames } from "../type/type-path.ts";
import type { Resolver } from "./context.ts";
import { findReader, type Reader, readingRows } from "./readers.ts";

export function checkReuse(resolver: Resolver, blocks: readonly ResolvedBlock[]): void {
  const { names } = resolver;
  const approvals = [...names.by.approval.values()].flatMap((node) => {
    const setting = node.settings.find((candidate) => candidate.kind === "Reuse");
    return setting && setting.varying.length > 0 ? [{ approval: node.name.value, varying: setting.varying }] : [];
  });
  if (approvals.length === 0) return;
  const asked = askedActions(blocks);
  const rows = readingRows(blocks);
  for (const { approval, varying } of approvals) {
    const actions = asked.get(approval) ?? new Set<Action>();
    for (const name of varying) {
      if (isInvented(name) || !declaredByAll(resolver, name, actions)) continue;
      const reader = findReader(name.value, actions, { names, rows });
      if (reader) refuseRead(resolver, name, reader);
    }
  }
}

/** What can be asked by way of each approval. */
function askedActions(blocks: readonly ResolvedBlock[]): ReadonlyMap<string, ReadonlySet<Action>> {
  const asked = new Map<string, Set<Action>>();
  const add = (approval: string, actions: readonly Action[]): void => {
    const known = asked.get(approval) ?? new Set();
    asked.set(approval, known);
    for (const action of actions) known.add(action);
  };
  for (const { rules, limits } of blocks) {
    for (const rule of rules) if (!rule.trial) for (const approval of rule.via) add(approval, rule.actions);
    for (const limit of limits) if (!limit.trial && limit.via !== null) add(limit.via, limit.actions);
  }
  return asked;
}

function declaredByAll({ report, faulty }: Resolver, name: Name, actions: ReadonlySet<Action>): boolean {
  const missing = [...actions].filter(({ params }) => !params.some((param) => param.name === name.value));
  if (missing.length === 0) return true;
  if (missing.some((action) => faulty.has(action.name))) return false;
  const declared = missing.flatMap(({ params }) => params.map((param) => param.name));
  const near = missing.length === actions.size ? nearestName(name.value, declared) : null;
  report.error("AP5112", {
    span: name.span,
    message: `not every action that this approval is asked for has an argument \`${name.value}\``,
    label: `not declared by ${listNames(missing.map((action) => action.name).toSorted())}`,
    help: near === null ? "use an approval of its own for those that have it" : `did you mean \`${spell(near)}\`?`,
    fix: near === null ? null : guessAt(name.span, spell(near)),
  });
  return false;
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
