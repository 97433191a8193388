/** What the engine says for those who kill a role or a class. */
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import {
  classesOf,
  decide,
  grantedBy,
  match,
  outlivesRoles,
  prepare,
  withoutRoles,
  type Policy,
  type Request,
  type State,
} from "../../engine/index.ts";

const KEY = Buffer.alloc(32, 7).toString("base64url");

function policyOf(text: string): Policy {
  const { table } = compile([{ name: "t.agentpolicy", text }]);
  if (table === null) throw new Error("the policy doesn't compile");
  return prepare(table);
}

const policy = policyOf(`
policy "t" { environments production }
group owners = ["owner@t.example"]
class noisy
action a.do(x: int, note: string?) is write, noisy when args.note == "loud", delete when args.x > 5 on none
action a.see() is read on none
role one {
  allow a.do
  allow a.do when args.x < 9
  never a.do when args.x == 7
}
role two { allow a.do when args.x < 3 }
agent both { owner owners purpose "t" roles one, two identity key ed25519 "${KEY}" review by 2030-01-31 }
agent single { owner owners purpose "t" roles one allow a.see identity key ed25519 "${KEY.replace("B", "C")}" review by 2030-01-31 }
`);

const AT = Date.UTC(2026, 10, 23);

const state: State = {
  now: AT,
  opened_at: AT,
  calls: 0,
  labels: new Set(),
  roles: new Set(),
  did: () => false,
  live: () => null,
  used: () => null,
  approved: () => false,
};

function asked(agent: string, action: string, args: Request["args"]): Request {
  return { agent, session: "s", environment: "production", action, args, at: AT };
}

describe("a killed role", () => {
  const left = (agent: string, args: Request["args"], killed: readonly string[]) =>
    withoutRoles(match(policy, asked(agent, "a.do", args)), killed);

  test("grants no more, where nothing else does", () => {
    expect(decide(left("single", { x: 1 }, []), state)).toMatchObject({ decision: "allow" });
    expect(decide(left("single", { x: 1 }, ["one"]), state)).toMatchObject({ decision: "deny", reason: "no_rule" });
  });

  test("leaves what another role grants", () => {
    const request = match(policy, asked("both", "a.do", { x: 1 }));
    expect(grantedBy(request, state)).toEqual(["role one", "role two"]);
    for (const role of ["one", "two"])
      expect(decide(withoutRoles(request, [role]), state), role).toMatchObject({ decision: "allow" });
    expect(decide(withoutRoles(request, ["one", "two"]), state)).toMatchObject({ decision: "deny" });
    expect(outlivesRoles(grantedBy(request, state), ["one"])).toBe(true);
    expect(outlivesRoles(grantedBy(request, state), ["one", "two"])).toBe(false);
  });

  test("goes on forbidding what it forbids", () => {
    expect(decide(left("both", { x: 7 }, ["one"]), state)).toMatchObject({ decision: "deny" });
    const rows = left("both", { x: 7 }, ["one"]).rows;
    expect(rows.filter(({ rule }) => rule.tier === "never")).toHaveLength(1);
  });

  test("of another name changes nothing", () => {
    const request = match(policy, asked("single", "a.see", {}));
    expect(decide(withoutRoles(request, ["single", "two"]), state)).toEqual(decide(request, state));
  });

  test("of each block one grant is left, and the decision names one rule as before", () => {
    const { rows } = match(policy, asked("both", "a.do", { x: 1 }));
    expect(rows.map(({ rule }) => rule.block).sort()).toEqual(["role one", "role two"]);
    expect(decide({ ...match(policy, asked("both", "a.do", { x: 1 })) }, state).rules).toHaveLength(1);
  });
});

test("the classes of a request are those that aren't surely false", () => {
  const classes = (args: Request["args"], agent = "both") => classesOf(policy, asked(agent, "a.do", args));
  expect(classes({ x: 1, note: "soft" })).toEqual(["write"]);
  expect(classes({ x: 6, note: "soft" })).toEqual(["delete", "write"]);
  expect(classes({ x: 1, note: "loud" })).toEqual(["noisy", "write"]);
  // Unknown, invalid, and asked by nobody that the policy knows.
  expect(classes({ x: 1 })).toEqual(["noisy", "write"]);
  expect(classes({ x: "six" })).toEqual(["delete", "noisy", "write"]);
  expect(classes({ x: 1, note: "soft" }, "nobody")).toEqual(["delete", "noisy", "write"]);
  expect(classesOf(policy, asked("both", "a.none", {}))).toEqual([]);
  expect(classesOf(policy, asked("both", "a.see", {}))).toEqual(["read"]);
});
