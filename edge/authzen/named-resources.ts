/**
 * Resources of a type that the policy itself names: in patterns of rules that can be about the action, and as values of
 * an `enum` in the hole of its `on`. The edge keeps no list of what there is in the world. Pure.
 */
import { maySelect } from "../../engine/index.ts";
import type { Action, Block, Pattern, TemplateSegment } from "../../engine/index.ts";

/** Ids behind the type, sorted, each once. */
export function namedResources(blocks: readonly Block[], action: Action, type: string): readonly string[] {
  const patterns = blocks.flatMap((block) => block.rules.filter((rule) => maySelect(rule, action)));
  const names = [...patterns.flatMap(({ scope }) => (scope.on ?? []).flatMap(literal)), ...listed(action)];
  const ids = names.flatMap((name) => (name.startsWith(`${type}/`) ? [name.slice(type.length + 1)] : []));
  return [...new Set(ids)].filter((id) => id !== "").toSorted();
}

function literal(pattern: Pattern): readonly string[] {
  const texts = pattern.flatMap((segment) => (segment.kind === "text" ? [segment.text] : []));
  return texts.length === pattern.length ? [texts.join("/")] : [];
}

/** Where every hole of a template is an `enum`, or there is none. */
function listed({ resources }: Action): readonly string[] {
  return (resources ?? []).flatMap(({ template }) => expand(template));
}

const MOST = 1_000;

function expand(template: readonly TemplateSegment[]): readonly string[] {
  let names: readonly string[] = [""];
  for (const [at, segment] of template.entries()) {
    const values = segment.kind === "text" ? [segment.text] : segment.type.kind === "enum" ? segment.type.values : [];
    names = names.flatMap((name) => values.map((value) => (at === 0 ? value : `${name}/${value}`))).slice(0, MOST);
  }
  return names;
}
