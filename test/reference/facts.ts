/** What a path in a condition reads: an argument, a member of one, or a fact that somebody vouches for. */
import type { AgentDeclaration, PathExpression } from "../../dsl/ast.ts";
import { allGroups, groupNamed, rolesOf } from "./declarations.ts";
import type { Policy, Question, SessionState } from "./model.ts";
import { isUnknown, unknown, type Truth, type Unknown } from "./truth.ts";
import { scaledNumber, type Value } from "./values.ts";

export interface Situation {
  readonly policy: Policy;
  readonly question: Question;
  readonly state: SessionState;
  readonly agent: AgentDeclaration;
  /** Checked arguments by name; what was left out is not here. */
  readonly args: ReadonlyMap<string, Value>;
  /** The resource that the rule is held against; null for `on none`. */
  readonly resource: string | null;
  /** Elements of quantifiers and parameters of defines. */
  readonly bound: ReadonlyMap<string, Value | Unknown>;
}

const text = (value: string): Value => ({ kind: "text", text: value });
const texts = (values: readonly string[]): Value => ({ kind: "list", items: values.map(text) });
const number = (value: number): Value => ({ kind: "number", scaled: scaledNumber(String(value)) ?? 0n });

export function readPath(path: PathExpression, situation: Situation): Value | Unknown {
  const [root = "", ...rest] = path.segments.map((segment) => segment.value);
  const bound = situation.bound.get(root);
  if (bound !== undefined) return isUnknown(bound) ? bound : walk(bound, rest, root);
  if (root !== "args") return readFact([root, ...rest].join("."), situation);
  const [name = "", ...deeper] = rest;
  const value = situation.args.get(name);
  return value === undefined ? unknown(`args.${name}`) : walk(value, deeper, `args.${name}`);
}

function walk(value: Value, path: readonly string[], name: string): Value | Unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  const next = member(value, first);
  return next === undefined ? unknown(`${name}.${first}`) : walk(next, rest, `${name}.${first}`);
}

/** Members of types; undefined where a field of a record was left out. */
function member(value: Value, name: string): Value | undefined {
  switch (value.kind) {
    case "record":
      return value.fields.get(name);
    case "list":
      return number(value.items.length);
    case "email": {
      const [local = "", domain = ""] = value.text.split("@");
      return text(name === "local" ? local : domain);
    }
    case "url": {
      const url = new URL(value.text);
      if (name === "host") return text(url.hostname);
      if (name === "path") return text(url.pathname);
      if (name === "scheme") return text(url.protocol.slice(0, -1));
      return number(Number(url.port === "" ? { "http:": 80, "https:": 443 }[url.protocol] : url.port));
    }
    case "text":
      if (name === "links") return { kind: "list", items: links(value.text) };
      return name === "length" ? number(Array.from(value.text).length) : text(value.text.toLowerCase());
    default:
      throw new Error(`a ${value.kind} has no member ${name}`);
  }
}

/** The property's texts hold plain words, URLs and bare host names, with blanks between them. */
function links(value: string): readonly Value[] {
  const words = value.split(" ").map((word) => (/^[a-z]+(\.[a-z]+)+$/.test(word) ? `https://${word}` : word));
  return words.filter((word) => word.startsWith("https://")).map((word) => ({ kind: "url", text: new URL(word).href }));
}

function readFact(name: string, { question, state, agent, resource }: Situation): Value | Unknown {
  const known: { readonly [fact: string]: Value | undefined } = {
    "agent.id": text(agent.name.value),
    "agent.owner": text(agent.items.flatMap((item) => (item.kind === "Owner" ? [item.owner.value] : []))[0] ?? ""),
    "agent.roles": texts(rolesOf(agent)),
    environment: text(question.environment),
    "session.id": text(question.session),
    "session.age": { kind: "duration", ms: state.now - state.opened_at },
    "session.calls": number(state.calls),
    "session.labels": texts([...state.labels]),
    "requester.id": question.requester && text(question.requester.id),
    resource: resource === null ? undefined : text(resource),
    "request.ip": question.ip === undefined ? undefined : text(question.ip),
    "request.country": question.country === undefined ? undefined : text(question.country),
    "request.time": { kind: "time", ms: question.at },
    "claimed.confidence": question.confidence === undefined ? undefined : number(question.confidence),
  };
  return known[name] ?? unknown(name);
}

/** Is the requester in the group, by address or by claim? */
export function requesterInGroup(situation: Situation, name: string): Truth {
  const group = groupNamed(situation.policy, name);
  const { requester } = situation.question;
  if (requester === undefined) return unknown("requester.id");
  if (group?.members) {
    const members = group.members.map((one) => one.value.toLowerCase());
    return requester.email !== undefined && members.includes(requester.email);
  }
  const claim = group?.claim;
  if (!claim || !Object.hasOwn(requester.claims, claim.name.value)) return false;
  return [requester.claims[claim.name.value] ?? []].flat().includes(claim.value.value);
}

/** `requester.groups contains "finance"` */
export function requesterGroups(situation: Situation): Value | Unknown {
  if (situation.question.requester === undefined) return unknown("requester.groups");
  const names = allGroups(situation.policy).map((group) => group.name.value);
  return texts(names.filter((name) => requesterInGroup(situation, name) === true));
}
