/** Reads a condition: what it does with which value, and which of its parts read one facet only. */
import type { Condition, Literal, Operand } from "../../../engine/index.ts";
import { facetsOf, noReads, type Reads, type Site, type What } from "./use.ts";
import { isLabels, isResource, ownText, pointOf, type Reading, siteOf } from "./read-operand.ts";
import { readResource } from "./read-resource.ts";
import { taskByClient } from "./task-by-client.ts";
import { beginning, containing, ending, globPieces, type Pieces } from "./text/pieces.ts";
import { textTest } from "./text/text-test.ts";

/** Adds what the condition reads. */
export function readCondition(condition: Condition, reading: Reading, reads: Reads): void {
  if (condition.op === "and" || condition.op === "or") {
    for (const part of condition.of) readCondition(part, reading, reads);
  } else if (condition.op === "not") readCondition(condition.of, reading, reads);
  else readLeaf(condition, reading, reads);
}

function readLeaf(condition: Condition, reading: Reading, reads: Reads): void {
  if (condition.op === "detect" && condition.of === null) {
    // Anything in any argument sets it off: as good as one test for each of them.
    for (const { name } of reading.action.params) {
      readLeaf({ ...condition, of: { from: "args", path: [name] } }, reading, reads);
    }
    return;
  }
  if (condition.op === "session_did") return readDid(condition, reads);
  const own = noReads();
  readAtom(condition, reading, own);
  reads.uses.push(...own.uses);
  const facets = [...facetsOf(own)];
  const [only, ...others] = facets.filter((facet) => !isSpeaker(facet));
  for (const facet of facets.filter(isSpeaker)) reads.whole.add(facet);
  if (facets.includes("task") && !taskByClient(reading.table, reading.agent)) reads.whole.add("requester");
  if (only === undefined) return;
  // Of several resources one may pass where another doesn't, so a test of it has no truth of its own.
  const several = JSON.stringify(condition).includes('"fact":"resource"');
  const linked = own.uses.some(({ what }) => what.kind === "linked");
  if (others.length > 0 || linked || several) for (const facet of [only, ...others]) reads.whole.add(facet);
  else addLocal(only, condition, reads);
}

/** What a task or a live set says of a value is the value's own; whether there is one to ask is another matter. */
function isSpeaker(facet: string): boolean {
  return facet === "task" || facet.startsWith("live ");
}

function addLocal(facet: string, condition: Condition, { local }: Reads): void {
  local.set(facet, [...(local.get(facet) ?? []), condition]);
}

/** `whole` of what is given back names every facet that is read. */
function readAtom(condition: Condition, reading: Reading, reads: Reads): void {
  switch (condition.op) {
    case "constant":
      return;
    case "and":
    case "or":
      for (const part of condition.of) readAtom(part, reading, reads);
      return;
    case "not":
      return readAtom(condition.of, reading, reads);
    case "compare":
      return readCompare(condition, reading, reads);
    case "in":
      return readMembers(condition.left, condition.members, reading, reads);
    case "in_set":
      return readMembers(condition.left, setMembers(condition, reading), reading, reads);
    case "in_live_set":
      reads.whole.add(`live ${condition.set}`);
      return note(condition.left, { kind: "said", by: `live ${condition.set}` }, reading, reads);
    case "in_group":
      return readGroup(condition.left, condition.group, reading, reads);
    case "in_network":
      return note(condition.left, { kind: "networks", networks: condition.networks }, reading, reads);
    case "has":
      return readHas(condition, reading, reads);
    case "like":
    case "contains":
    case "starts_with":
    case "ends_with":
      return readTextTest(condition, reading, reads);
    case "present":
      return note(condition.of, { kind: "points", points: [] }, reading, reads);
    case "every":
    case "some":
      return readQuantifier(condition, reading, reads);
    case "during":
      return add({ facet: "time", path: [] }, { kind: "schedule", schedule: condition.schedule }, reads);
    case "detect":
      return readDetect(condition, reading, reads);
    case "session_has":
      reads.whole.add(`label ${condition.label}`);
      return;
    case "session_did":
      // Only inside a quantifier, which is no part of its own.
      readDid(condition, reads);
      for (const name of condition.same) reads.whole.add(`args.${name}`);
      return;
    case "task_mentions":
      reads.whole.add("task");
      return readMention(condition.of, reading, reads);
  }
}

type Of<Op extends Condition["op"]> = Extract<Condition, { op: Op }>;

function add(site: Site, what: What, reads: Reads): void {
  reads.uses.push({ site, what });
  reads.whole.add(site.facet);
}

function note(operand: Operand, what: What, reading: Reading, reads: Reads): void {
  if (isResource(operand)) return readResource(what, reading, reads);
  const site = siteOf(operand, reading);
  if (site !== null) add(site, what, reads);
}

function readCompare({ left, right, by }: Of<"compare">, reading: Reading, reads: Reads): void {
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (one.from === "literal") continue;
    const fixed = constantOf(other, reading);
    if (fixed !== null) note(one, comparedWith(fixed, by === "==" || by === "!="), reading, reads);
    else noteLink(one, other, reading, reads);
  }
}

/** A literal, or a fact that the agent decides: such a comparison is as good as one with a literal. */
function constantOf(operand: Operand, reading: Reading): Literal | null {
  if (operand.from === "literal") return operand.literal;
  const text = ownText(operand, reading);
  return text === null ? null : { type: "string", value: text };
}

function comparedWith(literal: Literal, exact: boolean): What {
  const point = pointOf(literal);
  if (point !== null) return { kind: "points", points: [point] };
  if (literal.type !== "string") return { kind: "points", points: [] };
  return exact ? { kind: "texts", texts: [literal.value], lower: false } : { kind: "opaque" };
}

function noteLink(one: Operand, other: Operand, reading: Reading, reads: Reads): void {
  const there = siteOf(other, reading);
  note(one, there === null ? { kind: "opaque" } : { kind: "linked", other: there }, reading, reads);
}

function readMembers(left: Operand, members: readonly Literal[], reading: Reading, reads: Reads): void {
  const points = members.map(pointOf).filter((point) => point !== null);
  const texts = members.flatMap((member) => (member.type === "string" ? [member.value] : []));
  note(left, points.length > 0 ? { kind: "points", points } : { kind: "texts", texts, lower: false }, reading, reads);
}

/** Sets hold numbers as texts too, so that they stay exact. */
function setMembers({ set, type }: Of<"in_set">, { table }: Reading): readonly Literal[] {
  const members = table.body.sets.find((one) => one.name === set)?.members ?? [];
  return members.map((value) =>
    type === "number" ? { type: "number", value: String(value) } : { type: "string", value: String(value) },
  );
}

function readGroup(left: Operand, group: string, reading: Reading, reads: Reads): void {
  if (left.from === "fact" && left.fact === "requester.id") return note(left, { kind: "group", group }, reading, reads);
  const texts = reading.table.body.groups.find((one) => one.name === group)?.members ?? [];
  note(left, { kind: "texts", texts, lower: true }, reading, reads);
}

function readHas({ list, value }: Of<"has">, reading: Reading, reads: Reads): void {
  const literal = value.from === "literal" && value.literal.type === "string" ? value.literal.value : null;
  if (isLabels(list)) {
    reads.whole.add(literal === null ? "labels" : `label ${literal}`);
    if (literal === null) note(value, { kind: "opaque" }, reading, reads);
    return;
  }
  const site = siteOf(list, reading);
  if (site === null) return note(value, { kind: "opaque" }, reading, reads);
  if (site.facet === "requester") {
    add(site, literal === null ? { kind: "opaque" } : { kind: "group", group: literal }, reads);
    return;
  }
  const element = { ...site, path: [...site.path, "*"] };
  add(site, { kind: "elements" }, reads);
  const fixed = constantOf(value, reading);
  if (fixed !== null) return add(element, comparedWith(fixed, true), reads);
  const other = siteOf(value, reading);
  if (other === null) return add(element, { kind: "opaque" }, reads);
  add(element, { kind: "linked", other }, reads);
  add(other, { kind: "linked", other: element }, reads);
}

const PIECES: { readonly [op in "like" | "contains" | "starts_with" | "ends_with"]: (text: string) => Pieces } = {
  like: globPieces,
  contains: containing,
  starts_with: beginning,
  ends_with: ending,
};

function readTextTest(
  { op, left, right }: Of<"like" | "contains" | "starts_with" | "ends_with">,
  reading: Reading,
  reads: Reads,
): void {
  if (right.from === "literal" && right.literal.type === "string") {
    const pieces = op === "like" ? globPieces(right.literal.value) : PIECES[op](right.literal.value);
    return note(left, { kind: "text", test: textTest([pieces]) }, reading, reads);
  }
  note(left, { kind: "opaque" }, reading, reads);
  note(right, { kind: "opaque" }, reading, reads);
}

function readQuantifier({ list, body }: Of<"every" | "some">, reading: Reading, reads: Reads): void {
  const site = siteOf(list, reading);
  if (site !== null) add(site, site.facet === "requester" ? { kind: "opaque" } : { kind: "elements" }, reads);
  readAtom(body, { ...reading, element: site }, reads);
}

function readDetect({ of, detector }: Of<"detect">, reading: Reading, reads: Reads): void {
  if (of !== null) note(of, { kind: "detects", detector }, reading, reads);
}

/** Of the arguments only whether they are there matters: what was done with them is part of the history. */
function readDid({ action, same, within }: Of<"session_did">, reads: Reads): void {
  add({ facet: "history", path: ["did"] }, { kind: "did", did: { action, same, within } }, reads);
  for (const name of same) addLocal(`args.${name}`, { op: "present", of: { from: "args", path: [name] } }, reads);
}

/** Of a list every element has to be mentioned. */
function readMention(operand: Operand, reading: Reading, reads: Reads): void {
  const site = siteOf(operand, reading);
  if (site === null) return;
  const param = reading.action.params.find((one) => `args.${one.name}` === site.facet);
  const isWholeList = site.path.length === 0 && param?.type.kind === "list";
  if (isWholeList) add(site, { kind: "elements" }, reads);
  add(isWholeList ? { ...site, path: ["*"] } : site, { kind: "said", by: "task" }, reads);
}
