/** `in` literals, a set, a group, networks; `contains` of a list. */
import type { ComparableType, Condition, Operand } from "../condition.ts";
import type { JsonValue } from "../request.ts";
import { compactNumber, compareNumbers } from "../values/decimal.ts";
import { inNetwork, parseAddress, parseNetwork } from "../values/ip.ts";
import { oneOfTest } from "../values/one-of.ts";
import { hrefOf } from "../values/url.ts";
import { isList } from "../values/canonical-json.ts";
import { isMember } from "./fact.ts";
import { isAmong } from "./atom.ts";
import { type Formula, known, knownAtoms } from "./formula.ts";
import type { Frame } from "./frame.ts";
import { type Reader, comparableReader, missingOf, readerOf } from "./operand.ts";
import { type Scope, named } from "./scope.ts";
import { FALSE, TRUE, UNKNOWN } from "./truth.ts";

type Of<Op extends Condition["op"]> = Extract<Condition, { op: Op }>;

export function inLiteralsFormula(condition: Of<"in">, scope: Scope): Formula {
  const left = comparableReader(condition.left, condition.type, scope);
  return memberFormula(
    left,
    condition.type,
    condition.members.map((member) => member.value),
  );
}

export function inSetFormula(condition: Of<"in_set">, scope: Scope): Formula {
  const left = comparableReader(condition.left, condition.type, scope);
  return memberFormula(left, condition.type, named(scope.sets, "set", condition.set).members);
}

function memberFormula(left: Reader, type: ComparableType, members: readonly JsonValue[]): Formula {
  const missing = (frame: Frame): readonly string[] => [left.missing(frame)];
  if (type !== "number" && left.at !== null && left.type?.kind !== "url") {
    return knownAtoms([isAmong(left.at, members)], missing);
  }
  const isIn = type === "number" ? numberTest(members) : valueTest(left, members);
  const read = left.read;
  return known((frame) => {
    const value = read(frame);
    return value === undefined ? UNKNOWN : isIn(value) ? TRUE : FALSE;
  }, missing);
}

function valueTest(left: Reader, members: readonly JsonValue[]): (value: JsonValue) => boolean {
  const texts = left.type?.kind === "url" ? members.map((member) => hrefOf(member as string)) : members;
  return oneOfTest(texts);
}

/** Doubles find each other in a set; a text may spell the same number in another way. */
function numberTest(members: readonly JsonValue[]): (value: JsonValue) => boolean {
  const numbers = members.map((member) => (typeof member === "string" ? compactNumber(member) : (member as number)));
  const doubles = new Set<JsonValue>(numbers);
  return (value) =>
    doubles.has(value) || (typeof value === "string" && numbers.some((number) => compareNumbers(value, number) === 0));
}

/**
 * The requester belongs to a group by address or claim, so any other text can only be looked up among addresses:
 * whether it is in a group of claims is unknown. Addresses of people compare without regard to case, as when they sign in.
 */
export function inGroupFormula(condition: Of<"in_group">, scope: Scope): Formula {
  const group = named(scope.groups, "group", condition.group);
  if (isRequester(condition.left)) {
    return known(
      ({ request }) => (request.requester === undefined ? UNKNOWN : isMember(request.requester, group) ? TRUE : FALSE),
      () => ["requester.id"],
    );
  }
  const left = readerOf(condition.left, scope);
  const members = group.members === null ? null : new Set<JsonValue>(group.members);
  return known(
    (frame) => {
      const value = left.read(frame);
      if (value === undefined || members === null) return UNKNOWN;
      return members.has((value as string).toLowerCase()) ? TRUE : FALSE;
    },
    (frame) => [left.read(frame) === undefined ? left.missing(frame) : `group ${group.name}`],
  );
}

function isRequester(operand: Operand): boolean {
  return operand.from === "fact" && operand.fact === "requester.id";
}

export function inNetworkFormula(condition: Of<"in_network">, scope: Scope): Formula {
  const left = readerOf(condition.left, scope);
  const networks = condition.networks.map((text) => {
    const network = parseNetwork(text);
    if (network === null) throw new Error(`the table holds the network \`${text}\`, which isn't one`);
    return network;
  });
  return known(
    (frame) => {
      const value = left.read(frame);
      const address = value === undefined ? null : parseAddress(value as string);
      if (address === null) return UNKNOWN;
      return networks.some((network) => inNetwork(address, network)) ? TRUE : FALSE;
    },
    (frame) => [left.missing(frame)],
  );
}

/** A list holds the value. */
export function hasFormula(condition: Of<"has">, scope: Scope): Formula {
  const list = readerOf(condition.list, scope);
  const value = comparableReader(condition.value, condition.type, scope);
  const isUrl = list.type?.kind === "list" && list.type.of.kind === "url";
  const same = condition.type === "number" ? sameNumber : isUrl ? sameUrl : sameValue;
  return known(
    (frame) => {
      const elements = list.read(frame);
      const wanted = value.read(frame);
      if (elements === undefined || wanted === undefined || !isList(elements)) return UNKNOWN;
      return elements.some((element) => same(element, wanted)) ? TRUE : FALSE;
    },
    (frame) => missingOf([list, value], frame),
  );
}

function sameValue(left: JsonValue, right: JsonValue): boolean {
  return left === right;
}

function sameNumber(left: JsonValue, right: JsonValue): boolean {
  return compareNumbers(left as number | string, right as number | string) === 0;
}

function sameUrl(left: JsonValue, right: JsonValue): boolean {
  return hrefOf(left as string) === hrefOf(right as string);
}
