/** AP4005: a glob or a word can't tell what a query, a command or code will do. */
import type { DefineDeclaration, Expression, PathExpression, Span } from "../../dsl/index.ts";
import type { Names } from "../collect/names.ts";
import { defineTraits, expressionsIn } from "../resolve/define-traits.ts";
import type { ResolvedBlock, ResolvedRule } from "../program.ts";
import { spellPath } from "../type/type-path.ts";
import type { CheckContext } from "./check.ts";
import { holderOf, witness } from "./witness.ts";

const FREE_TEXT = /^(sql|query|statement|command|cmd|code|script|shell)$/i;

interface Finding {
  /** In the rule: the test itself, or the call of the define that does it. */
  readonly span: Span;
  /** The argument that is tested. */
  readonly path: PathExpression;
  /** The test in the define. */
  readonly inside: Span | null;
}

export function checkFreeText(context: CheckContext): void {
  const { program, names, report } = context;
  const rules = program.blocks.flatMap((block) => block.rules.map((rule) => ({ block, rule })));
  for (const { block, rule } of rules) {
    if (rule.tier !== "allow" || rule.node.guard === null) continue;
    for (const { span, path, inside } of testsIn(rule.node.guard.condition, new Map(), names)) {
      report.warning("AP4005", {
        span,
        message: `a text test can't tell what \`${spellPath(path)}\` does`,
        label: "easily got round",
        related: inside === null ? [] : [{ span: inside, label: "the test" }],
        help: "use `ask`, or an action with typed parameters for what is allowed",
        witness: passing(context, block, rule),
      });
    }
  }
}

/** A text that passes. */
function passing(context: CheckContext, block: ResolvedBlock, rule: ResolvedRule): string | null {
  const agent = holderOf(context.program, block);
  const [action] = rule.actions;
  if (agent === null || !action || rule.scope.on !== null || rule.trial) return null;
  return witness(context, { agent, action: action.name, where: rule.when, fate: "allow" });
}

/** @param given the free texts that parameters of the define stand for */
function* testsIn(body: Expression, given: ReadonlyMap<string, PathExpression>, names: Names): Generator<Finding> {
  for (const node of expressionsIn(body)) {
    if (node.kind === "DefineCall") {
      const define = names.by.define.get(node.name.value);
      if (define !== undefined) yield* testsOfCall(define, node, given, names);
    } else if (node.kind === "TextTest" && node.operator !== "ends with") {
      const path = freeText(node.left, given);
      if (path !== null) yield { span: node.span, path, inside: null };
    }
  }
}

/** The first test of each argument: the call is one place to mend, however often the define looks. */
function testsOfCall(
  define: DefineDeclaration,
  call: Extract<Expression, { kind: "DefineCall" }>,
  given: ReadonlyMap<string, PathExpression>,
  names: Names,
): readonly Finding[] {
  const { ends, tooLarge } = defineTraits(names, define);
  if (!ends || tooLarge) return [];
  const passed = define.params.flatMap((param, at): [string, PathExpression][] => {
    const path = freeText(call.args[at], given);
    return path === null ? [] : [[param.name.value, path]];
  });
  if (passed.length === 0) return [];
  const tests = new Map<PathExpression, Finding>();
  for (const { span, path, inside } of testsIn(define.body, new Map(passed), names))
    if (!tests.has(path)) tests.set(path, { span: call.span, path, inside: inside ?? span });
  return [...tests.values()];
}

function freeText(node: Expression | undefined, given: ReadonlyMap<string, PathExpression>): PathExpression | null {
  if (node?.kind !== "Path") return null;
  const [root, name] = node.segments;
  if (root?.value !== "args") return given.get(root?.value ?? "") ?? null;
  return FREE_TEXT.test(name?.value ?? "") ? node : null;
}
