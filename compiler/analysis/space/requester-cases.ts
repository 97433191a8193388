/** People for whom a session can run: their address or subject, the claims that groups name, and nobody. */
import type { Group, Requester } from "../../../engine/index.ts";
import type { Case, Facet } from "./facet.ts";
import { EMAIL, FREE, type Shape } from "./text/shape.ts";
import { shapedValues } from "./text-values.ts";
import type { Use } from "./use.ts";
import { type PathUse, textOf, type Value, type Values } from "./value.ts";

const MOST_CLAIMS = 4;

export function requesterFacet(uses: readonly Use[], groups: readonly Group[]): Facet {
  const named = groups.filter((group) => uses.some(({ what }) => what.kind === "group" && what.group === group.name));
  const ids = requesterTexts(idUses(uses, named));
  const claims = named.flatMap(({ claim }) => claim ?? []);
  const distinct = [...new Map(claims.map((claim) => [JSON.stringify(claim), claim])).values()];
  const held = subsets(distinct.slice(0, MOST_CLAIMS));
  const people = ids.values.flatMap((id) => held.map((claimed) => caseOf(id, claimed)));
  const opaque = uses.some(({ what }) => what.kind === "opaque");
  return {
    key: "requester",
    cases: [...people, { request: {} }],
    inexact: distinct.length > MOST_CLAIMS || opaque ? "who the requester is" : ids.inexact,
  };
}

/** Addresses, and what stands for people whose provider gives no address: lower case, as the engine has them. */
export function requesterTexts(uses: readonly PathUse[]): Values {
  const addresses = shapedValues(inLower(EMAIL), { min: 0, max: 254 }, uses);
  const subjects = shapedValues(inLower(FREE), { min: 1, max: 200 }, uses);
  const without = subjects.values.filter((one) => !textOf(one).includes("@"));
  return { values: [...addresses.values, ...without], inexact: addresses.inexact ?? subjects.inexact };
}

function inLower(shape: Shape): Shape {
  return { ...shape, step: (state, char) => (char === char.toLowerCase() ? shape.step(state, char) : null) };
}

/** Membership by address is membership of the address. */
function idUses(uses: readonly Use[], groups: readonly Group[]): readonly PathUse[] {
  const read = uses
    .filter(({ site }) => site.path[0] === "id")
    .map(({ site, what }) => ({ path: site.path.slice(1), what }));
  const members = groups.flatMap(({ members: texts }): PathUse[] =>
    texts === null ? [] : [{ path: [], what: { kind: "texts", texts, lower: false } }],
  );
  return [...read, ...members];
}

function caseOf(one: Value, claimed: readonly Claim[]): Case {
  const id = textOf(one).toLowerCase();
  const claims: { [name: string]: string[] } = {};
  for (const { name, value: text } of claimed) claims[name] = [...(claims[name] ?? []), text];
  const requester: Requester = { id, ...(id.includes("@") ? { email: id } : {}), claims };
  return { request: { requester }, said: one.said };
}

type Claim = NonNullable<Group["claim"]>;

function subsets(claims: readonly Claim[]): readonly (readonly Claim[])[] {
  return Array.from({ length: 2 ** claims.length }, (_, bits) =>
    claims.filter((_claim, at) => ((bits >> at) & 1) === 1),
  );
}
