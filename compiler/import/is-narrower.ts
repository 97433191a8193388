/** Whether every value of one written type is right for another too. Where it isn't plain, it isn't so. */
import { isWithin } from "../type/is-within.ts";
import type { TypeNode } from "../resolve/param-types.ts";
import { paramTypeOf } from "../resolve/param-types.ts";

/** Equal counts. */
export function isNarrower(left: TypeNode, right: TypeNode): boolean {
  const [narrow, wide] = [paramTypeOf(left), paramTypeOf(right)];
  return narrow !== null && wide !== null && isWithin(narrow, wide);
}
