import { expect, test } from "vitest";
import { type Expression, parse, printExpression, printLimit, printRule } from "../../dsl/index.ts";

function itemsOf(text: string): string[] {
  const { file, diagnostics } = parse({ name: "a", text: `role r {\n${text}\n}` });
  expect(diagnostics).toEqual([]);
  const [role] = file.declarations;
  if (role?.kind !== "Role") throw new Error("no role was read");
  return role.items.map((item) => (item.kind === "Rule" ? printRule(item) : printLimit(item)));
}

function conditionOf(text: string): Expression {
  const { file } = parse({ name: "a", text: `define d(x: string) = ${text}` });
  const [define] = file.declarations;
  if (define?.kind !== "Define") throw new Error("no define was read");
  return define.body;
}

test("the canonical text of a rule depends neither on layout nor on comments nor on documentation", () => {
  const [plain, ...others] = itemsOf(`
    trial ask email.send, crm.* except admin on "a/*", "b" except "a/x" when args.x==1 and not (args."y"<2) via one and two
    /// Why.
    trial   ask email . send,crm.*
      except admin // who
      on "a/*","b" except "a/x"
      when args.x   ==   1
      and not(args.y<2) via one and
      two
  `);
  expect(plain).toBe(
    'trial ask email.send, crm.* except admin on "a/*", "b" except "a/x" when args.x == 1 and not (args.y < 2) via one and two',
  );
  expect(others).toEqual([plain]);
});

test("the canonical text of a limit has its parts in the order of the grammar", () => {
  expect(
    itemsOf(
      'limit pay on "p/**" unless agent.id=="x" total args.amount to 500.00 in 24h per agent,args.currency then ask via two',
    ),
  ).toEqual([
    'limit pay on "p/**" unless agent.id == "x" total args.amount to 500.00 in 24h per agent, args.currency then ask via two',
  ]);
});

test("`not x in y` is the negation of `x in y`, and `x not in y` is one comparison", () => {
  expect(conditionOf("not x in y")).toMatchObject({ kind: "Not", of: { kind: "In", negated: false } });
  expect(conditionOf("x not in y")).toMatchObject({ kind: "In", negated: true });
  expect(conditionOf("every a in x: a == y and b == c")).toMatchObject({
    kind: "And",
    of: [{ kind: "Quantifier", body: { kind: "Compare" } }, { kind: "Compare" }],
  });
  expect(printExpression(conditionOf("( x in [ 1,2 ] )"))).toBe("(x in [1, 2])");
});

test("names are the same however they are quoted", () => {
  expect(itemsOf('allow "crm"."read" when args."limit" > 3')).toEqual(["allow crm.read when args.limit > 3"]);
});
