/**
 * Sentences of the grammar, with comments at every place where one can stand. They read without a mistake; what they
 * name mostly exists, so that many compile.
 */
import type { Random } from "./random.ts";

type Part = (random: Random) => string;

const names = ["a", "b", "limit", "owner", "x1", "long_name_of_something", "to-do"];
const actions = ["t.read", "t.write", "crm.notes.add", "pay"];
const texts = ['"v"', '"a b"', '"ünï"', '"\\"q\\" \\\\ \\n"', '""', '"crm/**"'];
const globs = ['"t/**"', '"t/*"', '"crm/notes/a-*"', '"**"'];

const one =
  (...items: readonly string[]): Part =>
  (random) =>
    random.pick(items);

function list(part: Part, most = 3): Part {
  return (random) => Array.from({ length: 1 + random.below(most) }, () => part(random)).join(", ");
}

function maybe(part: Part): Part {
  return (random) => (random.once(2) ? part(random) : "");
}

/** Parts of a sentence, by what they hold: a text stands for itself. */
function say(...parts: readonly (Part | string)[]): Part {
  return (random) =>
    parts
      .map((part) => (typeof part === "string" ? part : part(random)))
      .filter((text) => text !== "")
      .join(" ");
}

const atom: Part = (random) =>
  random.pick([
    "args . n >= 3",
    "args.n == 1.50",
    'args.s in ["a", "b"]',
    'args.s not in [ "a" ]',
    'args.s like "a*"',
    'args.s starts with "a"',
    'args.s contains "x"',
    "args.o is present",
    "args.o is not present",
    'every e in args.l: e == "a"',
    'some e in args.l: (e == "a" or e like "b*")',
    "session has untrusted",
    "session did t.read within 10m",
    "during hours",
    'small("a")',
    'agent.id == "bot"',
    "args.s in domains",
    "task mentions args.s",
  ]);

function condition(random: Random, depth = 0): string {
  if (depth > 3 || random.once(2)) return atom(random);
  const inner = (): string => condition(random, depth + 1);
  const joint = random.pick([" and ", " or "]);
  return random.pick([
    () => `not ${inner()}`,
    () => `(${inner()})`,
    () => `(${inner()})${joint}(${inner()})${joint}${atom(random)}`,
  ])();
}

const guard: Part = (random) => (random.once(2) ? "" : `${random.pick(["when", "unless"])} ${condition(random)}`);
const selectors = list(one(...actions, "t.*", "read", "*", '"t"."read"'));
const scope = say(selectors, maybe(say("except", list(one("pay", "crm.*")))), maybe(say("on", list(one(...globs)))));

const rule: Part = (random) =>
  random.pick([
    say("allow", scope, guard, maybe(one("until 2030-01-31"))),
    say("notify", scope, guard, "to", list(one("ops", "desk"), 2)),
    say("ask", scope, guard, "via", one("review", "review and pair")),
    say("never", scope, guard),
    say("trial never", scope, guard),
    say("limit", scope, guard, "to 20 in 1h per agent", maybe(one("then ask via review"))),
    say("limit pay total args.n to 500.00 in 24h per agent, args.s"),
  ])(random);

const doc: Part = (random) => (random.once(4) ? "\n/// What it is for.\n///\n/// And more.\n" : "");

function block(head: Part | string, item: Part, most = 5): Part {
  return (random) => say(head, "{", ...Array.from({ length: random.below(most) }, () => say(doc, item)), "}")(random);
}

const type: Part = (random) =>
  random.pick([
    "string",
    "string(min 1, max 40)",
    "decimal(min 0.01)",
    'enum("a", "b")',
    "list<email>(min 1, max 50)",
    "record { a: string, b: int? }",
    "url(https)?",
    "secret string",
    "list<record { deep: list<string>? }>",
  ]);

const parameter: Part = (random) => `${doc(random)}${random.pick([...names, '"odd name"'])}: ${type(random)}`;

let serial = 0;
const fresh = (stem: string) => (): string => `${stem}${serial++}`;

const declaration: Part = (random) =>
  random.pick<Part>([
    block(say("role", fresh("r")), rule),
    block("every agent", say(one("never t.write", "never delete", "limit * to 9 in 1h per agent"))),
    block(
      say("agent", fresh("g")),
      one("owner leads", 'purpose "p"', "roles base", "requester required", "review by 2030-01-31", "allow t.read"),
      7,
    ),
    say(
      "action",
      fresh("z."),
      "(",
      list(parameter, 4),
      ")",
      "is read, external",
      "on none",
      maybe(one("yields untrusted")),
    ),
    say("set", fresh("s"), "= [", list(one(...texts), 6), "]"),
    say("group", fresh("p"), "=", one('["a@b.example", "c@d.example"]', 'claim "groups" "x"')),
    say("label", fresh("l"), "is taint"),
    say("schedule", fresh("h"), '= mon-fri 09:00-12:00, sat 10:00-12:30 "Europe/Berlin"'),
    say("channel", fresh("c"), '= slack secret "S"'),
    block(
      say("approval", fresh("v")),
      one(
        "approvers leads",
        "quorum 2",
        "tell ops",
        "within 4h",
        "reason required",
        "use within 10m",
        "fatigue 5 in 1h",
      ),
    ),
    say("define", fresh("d"), '(x: string) = x == "a" or x like "b*"'),
    say("class", fresh("k")),
    block(
      say("test", fresh('"t'), '" '),
      one(
        't.read(s: "a", n: 1) => allow',
        'repeat 3: pay(n: 1.50, l: ["a", {b: null}]) => ask via review',
        "given session has untrusted",
      ),
    ),
    say("breaker", fresh("w"), "{ when 5 denied in 1m per session then kill session, tell ops }"),
  ])(random);

/** What the sentences name. */
const ground = `policy "fuzz" { environments production people oidc "https://login.example" audience "p" operators leads auditors leads }
label untrusted is taint
set domains = ["acme.example"]
schedule hours = mon-fri 09:00-17:00 "Europe/Berlin"
group leads = ["ana@acme.example", "li@acme.example"]
channel ops = slack secret "S"
channel desk = slack secret "D"
approval review { approvers leads within 4h }
approval pair { approvers leads quorum 2 within 4h }
define small(x: string) = x == "a"
action t.read(s: string, n: decimal, o: string?, l: list<string>) is read on "t/{s}" yields untrusted
action t.write(s: string, n: decimal, o: string?, l: list<string>) is write on "t/{s}"
action crm.notes.add(s: string, n: decimal, o: string?, l: list<string>) is write on "crm/notes/{s}"
action pay(s: enum("a", "b"), n: decimal(min 0), o: string?, l: list<string>) is spend on "pay/{s}"
role base { allow t.read }
agent bot { owner leads purpose "p" roles base identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" review by 2030-01-31 }
`;

export function grammarText(random: Random): string {
  serial = 0;
  const parts = Array.from({ length: 1 + random.below(8) }, () =>
    say(doc, declaration)(random).replace(/^(test) ("t\d+) *(" )/, "$1 $2$3"),
  );
  return ground + commented(parts.join("\n"), random);
}

/** Comments and line ends between the words, where they mean nothing. */
function commented(text: string, random: Random): string {
  if (random.once(3)) return text;
  const pieces = text.split(/(\/\/\/.*|"(?:[^"\\]|\\.)*"|[ \n]+)/);
  return pieces
    .map((piece) => {
      if (!/^[ \n]+$/.test(piece)) return piece;
      if (random.once(12)) return `${piece} // beside ${random.below(100)}\n`;
      if (random.once(14)) return `\n// above ${random.below(100)}\n`;
      if (random.once(14)) return "\n\n";
      return piece;
    })
    .join("");
}
