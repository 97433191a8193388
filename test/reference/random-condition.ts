/** Random conditions as text, over what all the selected actions declare. */
import type { Choice } from "./choice.ts";
import { NAMES, sampleOf } from "./parameters.ts";
import type { ActionPlan } from "./random-policy.ts";

const FACTS = [
  "session has untrusted",
  "session has confidential",
  "session has seen",
  'environment == "production"',
  "requester.id in leads",
  "requester.id in fin",
  'requester.id == "ana@acme.example"',
  'requester.groups contains "fin"',
  'agent.id == "bot"',
  'agent.roles contains "writer"',
  'agent.owner == "leads"',
  "session.age < 10m",
  "session.age >= 1h",
  "session.calls >= 3",
  "session.calls == 0",
  'session.labels contains "seen"',
  'request.ip in "10.0.0.0/8"',
  'request.ip in ["10.1.0.0/16", "192.0.2.7"]',
  'request.country == "DE"',
  'request.country in ["DE", "FR"]',
  "request.time < 2026-03-29T01:00:00Z",
  'resource like "r/*"',
  'resource == "q"',
  'session.id == "s-1"',
  "requester.id in vendors",
];

const SCHEDULES = ["during office", "during night"];

/** A session that opens has no arguments, no resource and no past. */
const OPENING_FACTS = [...FACTS, ...SCHEDULES].filter((text) => !/^session|^resource/.test(text));

/** The agent's own word and detectors stand in restrictions only. */
const OWN_WORD = ["args contain canaries", "claimed.confidence < 0.5", "claimed.confidence >= 0.9"];

/** What an action is, and acts on, depends on its arguments only. */
const BEYOND_ARGUMENTS = /\b(task|vendors|requester)\b/;

function atoms(choice: Choice, actions: readonly ActionPlan[], place: string): readonly string[] {
  const shared = NAMES.filter((name) => actions.length > 0 && actions.every((one) => declares(one, name)));
  const ofArgs = shared.flatMap((name) => {
    const optional = actions.some((one) => one.params.some((param) => param.name === name && param.optional));
    const conditions = sampleOf(name).conditions.map((text) => text.replaceAll("X", `args.${name}`));
    return optional ? [...conditions, `args.${name} is present`, `args.${name} is not present`] : conditions;
  });
  const pairs =
    shared.includes("n") && shared.includes("amount") ? ["args.n < args.amount", "args.amount == args.n"] : [];
  const texts = shared.includes("id") && shared.includes("words_seen") ? ["args.words_seen contains args.id"] : [];
  const hosts = shared.includes("url") && shared.includes("host") ? ["args.url.host == args.host"] : [];
  const calls = [...pairs, ...texts, ...hosts, ...linkedTexts(shared), ...smallCalls(shared)];
  if (place === "class" || place === "template")
    return [...ofArgs, ...calls].filter((text) => !BEYOND_ARGUMENTS.test(text));
  const did = actions.length === 1 ? shared.map((name) => `session did ${actions[0]?.name} same (${name})`) : [];
  const history = actions.map((one) => `session did ${one.name}${choice.oneIn(2) ? " within 10m" : ""}`);
  const word = place === "allow" || place === "notify" ? [] : OWN_WORD;
  if (place === "opening") return choice.some(OPENING_FACTS, 4, 4);
  const few = choice.some([...FACTS, ...SCHEDULES, ...SCHEDULES], 6, 6);
  return [...few, ...ofArgs, ...ofArgs, ...calls, ...did, ...history, ...word];
}

/** Texts compared with one another, and what else is read of them. */
function linkedTexts(shared: readonly string[]): readonly string[] {
  const id = shared.includes("id");
  const to = shared.includes("to");
  return [
    ...(id && shared.includes("tag") ? ["args.id == args.tag", "args.tag != args.id"] : []),
    ...(id ? ["args.id == requester.id", "requester.id != args.id"] : []),
    ...(id && shared.includes("words_seen")
      ? ["(every z in args.words_seen: z != args.id)", "(some z in args.words_seen: z != args.id and z in words)"]
      : []),
    ...(to
      ? [
          "(some e in args.to: e == requester.id)",
          "(every e in args.to: e != requester.id)",
          "(some e in args.to: e.local.length > 3)",
          "(some e in args.to: e.domain in vendors)",
          "(some e in args.to: e in vendors)",
          "(some e in args.to: e not in vendors)",
        ]
      : []),
  ];
}

function smallCalls(shared: readonly string[]): readonly string[] {
  if (!shared.includes("amount")) return [];
  return [
    "small(args.amount, 10)",
    ...(shared.includes("n") ? ["small(args.amount, args.n)", "small(args.n, 10)"] : []),
  ];
}

function declares(action: ActionPlan, name: string): boolean {
  return action.params.some((param) => param.name === name);
}

export function conditionText(choice: Choice, actions: readonly ActionPlan[], place: string, depth: number): string {
  if (depth > 0 && choice.oneIn(2)) {
    const joined = Array.from({ length: 2 + choice.upTo(1) }, () => conditionText(choice, actions, place, depth - 1));
    switch (choice.upTo(2)) {
      case 0:
        return `(${joined.join(" and ")})`;
      case 1:
        return `(${joined.join(" or ")})`;
      default:
        return `not (${joined[0]})`;
    }
  }
  const all = atoms(choice, actions, place);
  if (all.length === 0) return "true == true";
  const atom = choice.pick(all);
  return atom.includes(" or ") || atom.startsWith("every") || atom.startsWith("some") ? `(${atom})` : atom;
}
