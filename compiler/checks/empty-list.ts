/** AP4006: `every` holds for an empty list, so leaving all elements out opens the `allow`. */
import type { Expression } from "../../dsl/index.ts";
import type { Action, Condition, Operand, ParamType } from "../../engine/index.ts";
import type { ResolvedBlock, ResolvedRule } from "../program.ts";
import { expressionsIn } from "../resolve/define-traits.ts";
import type { CheckContext } from "./check.ts";
import { holderOf, witness } from "./witness.ts";

export function checkEmptyList(context: CheckContext): void {
  const { program, report } = context;
  const rules = program.blocks.flatMap((block) => block.rules.map((rule) => ({ block, rule })));
  for (const { block, rule } of rules) {
    if (rule.tier !== "allow" || rule.when === null || rule.node.guard === null) continue;
    const path = emptyListIn(rule.when, rule);
    if (path === null) continue;
    const node = [...expressionsIn(rule.node.guard.condition)].find(isOverList) ?? rule.node.guard.condition;
    report.warning("AP4006", {
      span: node.span,
      message: `\`every\` also holds where \`args.${path}\` is empty`,
      label: "an empty list is allowed too",
      help: `declare the list without \`min 0\`, or add \`args.${path}.size > 0\``,
      witness: empty(context, block, rule, path),
    });
  }
}

/** A request with the list empty; none in a policy that has errors elsewhere. */
function empty(context: CheckContext, block: ResolvedBlock, rule: ResolvedRule, path: string): string | null {
  const agent = holderOf(context.program, block);
  const action = rule.actions.find((one) => mayBeEmpty(one, path));
  if (agent === null || !action) return null;
  const size: Operand = { from: "args", path: [...path.split("."), "size"] };
  const none: Operand = { from: "literal", literal: { type: "number", value: "0" } };
  const where: Condition = { op: "compare", by: "==", type: "number", left: size, right: none };
  return witness(context, { agent, action: action.name, where, fate: "allow" });
}

function isOverList(node: Expression): boolean {
  return node.kind === "Quantifier" || node.kind === "DefineCall";
}

function emptyListIn(condition: Condition, rule: ResolvedRule): string | null {
  const lists = quantified(condition);
  const sized = sizesIn(condition);
  return lists.find((path) => !sized.has(path) && rule.actions.some((action) => mayBeEmpty(action, path))) ?? null;
}

/** Paths of arguments that an `every` goes over. */
function quantified(condition: Condition): readonly string[] {
  switch (condition.op) {
    case "and":
    case "or":
      return condition.of.flatMap((part) => [...quantified(part)]);
    case "every":
      return condition.list.from === "args" ? [condition.list.path.join(".")] : [];
    default:
      return [];
  }
}

/** Lists whose size the condition looks at itself. */
function sizesIn(condition: Condition): ReadonlySet<string> {
  const sizes = new Set<string>();
  const note = (operand: Operand): void => {
    if (operand.from === "args" && operand.path.at(-1) === "size") sizes.add(operand.path.slice(0, -1).join("."));
  };
  const visit = (part: Condition): void => {
    if (part.op === "and" || part.op === "or") part.of.forEach(visit);
    else if (part.op === "compare") [part.left, part.right].forEach(note);
  };
  visit(condition);
  return sizes;
}

/** Links in a text may well be none: whoever asks about every link means that. */
function mayBeEmpty(action: Action, path: string): boolean {
  let type: ParamType | undefined = { kind: "record", fields: action.params };
  for (const name of path.split(".")) {
    type = type?.kind === "record" ? type.fields.find((field) => field.name === name)?.type : undefined;
  }
  return type?.kind === "list" && type.min === 0;
}
