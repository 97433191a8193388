import { expect, test } from "vitest";
import { nearestName } from "../../compiler/nearest-name.ts";

test.each([
  ["crm.raed", ["crm.read", "crm.write"], "crm.read"],
  ["untrustd", ["untrusted", "trusted"], "untrusted"],
  ["Sales", ["billing", "sales"], "sales"],
  ["ops", ["opt", "opa"], "opa"],
  ["ab", ["ba"], "ba"],
  ["sales", ["billing", "finance"], null],
  ["x", [], null],
])("for `%s` among %j it is %j that was meant", (name, candidates, expected) => {
  expect(nearestName(name, candidates)).toBe(expected);
  expect(nearestName(name, candidates.toReversed())).toBe(expected);
});
