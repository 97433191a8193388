/** AP4109: `$id`, `:id` or `<id>` in a resource is text, where other languages would put an argument. */
import type { ActionDeclaration, RuleNode, LimitNode, StringLiteral } from "../../dsl/index.ts";
import type { ResolvedLimit, ResolvedRule } from "../program.ts";
import { splitSegments } from "../resolve/template.ts";
import type { CheckContext } from "./check.ts";

const FOREIGN = [
  /^\$([A-Za-z_][\w.-]*)$/,
  /^:([A-Za-z_][\w.-]*)$/,
  /^<([A-Za-z_][\w.-]*)>$/,
  /^\[([A-Za-z_][\w.-]*)\]$/,
];

const FACTS: readonly string[] = ["agent.id", "requester.id", "session.id"];

export function checkForeignHole({ program, names, report }: CheckContext): void {
  for (const { row } of program.actions) {
    const node = names.by.action.get(row.name);
    const params = row.params.map((param) => param.name);
    const holes = new Map(params.flatMap((name) => [[name, name] as const, [`args.${name}`, name] as const]));
    for (const literal of node ? templatesOf(node) : []) reportHoles(literal, holes, report);
  }
  for (const row of program.blocks.flatMap((block) => [...block.rules, ...block.limits])) {
    const literals = patternsOf(row.node);
    if (literals.length > 0) for (const literal of literals) reportHoles(literal, patternHoles(row), report);
  }
}

function templatesOf({ resources }: ActionDeclaration): readonly StringLiteral[] {
  return resources === null || "kind" in resources ? [] : resources.map((item) => item.template);
}

function patternsOf({ on, onExcept }: RuleNode | LimitNode): readonly StringLiteral[] {
  return [...(on ?? []), ...onExcept];
}

/** What a name in a pattern of the rule could have meant: a fact, or an argument that every action has. */
function patternHoles({ actions }: ResolvedRule | ResolvedLimit): ReadonlyMap<string, string> {
  const [first, ...others] = actions.map((action) => new Set(action.params.map((param) => param.name)));
  const shared = [...(first ?? [])].filter((name) => others.every((names) => names.has(name)));
  return new Map([
    ...FACTS.map((fact) => [fact, fact] as const),
    ...shared.flatMap((name) => [[name, `args.${name}`] as const, [`args.${name}`, `args.${name}`] as const]),
  ]);
}

function reportHoles(literal: StringLiteral, holes: ReadonlyMap<string, string>, report: CheckContext["report"]): void {
  for (const { text, span } of splitSegments(literal)) {
    const name = FOREIGN.map((shape) => shape.exec(text)?.[1]).find((found) => found !== undefined);
    const hole = name === undefined ? undefined : holes.get(name);
    if (hole === undefined) continue;
    report.warning("AP4109", {
      span,
      message: `\`${text}\` stands for itself here, not for a value`,
      label: "plain text",
      help: `a hole is written with braces: \`{${hole}}\``,
      fix: { title: `write \`{${hole}}\``, edits: [{ span, text: `{${hole}}` }], changesTable: true },
    });
  }
}
