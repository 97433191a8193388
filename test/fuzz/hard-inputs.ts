/** Inputs that are made to hurt: deep, wide, long, or wrong everywhere. Each fills about so many bytes. */

const HEAD = `policy "hard" {
  environments production
  people oidc "https://login.example" audience "people"
  operators leads
  auditors leads
}
group leads = ["ana@acme.example"]
approval review { approvers leads within 4h }
action a.read(x: string, n: int, l: list<string>) is read on "a/{x}"
agent bot { owner leads purpose "p" roles r identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" review by 2099-01-01 }
`;

type Make = (size: number) => string;

/** As often as fits. */
function fill(piece: string, size: number): string {
  return piece.repeat(Math.max(1, Math.floor(size / piece.length)));
}

/** Numbered pieces until it is full. */
function numbered(piece: (index: number) => string, size: number): string {
  const pieces: string[] = [];
  for (let index = 0, length = 0; length < size; index++) {
    const next = piece(index);
    pieces.push(next);
    length += next.length;
  }
  return pieces.join("");
}

function inRole(condition: string): string {
  return `${HEAD}role r {\n allow a.read when ${condition}\n}\n`;
}

const KEY = '"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"';

const deep: Readonly<Record<string, Make>> = {
  "open parentheses": (size) => inRole(fill("(", size)),
  "nested parentheses": (size) => inRole(`${fill("(", size / 2)}args.n == 1${fill(")", size / 2)}`),
  "open lists": (size) => inRole(`args.x in ${fill("[", size)}`),
  "nested lists in a test": (size) =>
    `${HEAD}test "t" {\n agent bot\n a.read(l: ${fill("[", size / 2)}${fill("]", size / 2)}) => allow\n}`,
  "nested records in a test": (size) => `${HEAD}test "t" {\n agent bot\n a.read(l: ${fill("{a: ", size)}`,
  "nested record types": (size) => `${HEAD}action b.c(${fill("x: record { ", size)}`,
  "nested list types": (size) =>
    `${HEAD}action b.c(x: ${fill("list<", size / 2)}string${fill(">", size / 5)}) is read on none`,
  "a chain of not": (size) => inRole(`${fill("not ", size)}args.n == 1`),
  "nested quantifiers": (size) => inRole(`${fill("every x in args.l: ", size)}x == "a"`),
  "nested calls": (size) => inRole(`${fill("f(", size)}args.x${fill(")", size / 4)}`),
  "open braces": (size) => HEAD + fill("role r {", size),
  "braces alone": (size) => fill("{", size),
  "closing braces": (size) => fill("}", size),
  "a dotted name": (size) => inRole(`args${fill(".a", size)} == 1`),
  "a dotted action": (size) => `action ${fill("a.", size)}b is read on none`,
};

const wide: Readonly<Record<string, Make>> = {
  and: (size) => inRole(`args.n == 1${fill(" and args.n == 1", size)}`),
  or: (size) => inRole(`args.n == 1${fill(" or args.n == 1", size)}`),
  "and of different": (size) => inRole(`args.n == 1${numbered((index) => ` and args.n != ${index}`, size)}`),
  "mixed and and or": (size) => inRole(`args.n == 1${fill(" and args.n == 1 or args.n == 2", size)}`),
  "a long list": (size) => inRole(`args.x in [${numbered((index) => `"v${index}",`, size)}"z"]`),
  "a large set": (size) => `${HEAD}set s = [${numbered((index) => `"v${index}",`, size)}"z"]`,
  "a large group": (size) =>
    `${HEAD}group g = [${numbered((index) => `"p${index}@acme.example",`, size)}"z@acme.example"]`,
  "a large enum": (size) =>
    `${HEAD}action b.c(e: enum(${numbered((index) => `"v${index}",`, size)}"z")) is read on none`,
  "many parameters": (size) =>
    `${HEAD}action b.c(${numbered((index) => `p${index}: string,`, size)}z: int) is read on none`,
  "many selectors": (size) => `${HEAD}role r {\n allow ${fill("a.read, ", size)}a.read\n}`,
  "many patterns": (size) =>
    `${HEAD}role r {\n allow a.read on ${numbered((index) => `"a/${index}*", `, size)}"a/z"\n}`,
  "many approvals": (size) => `${HEAD}role r {\n ask a.read via review${fill(" and review", size)}\n}`,
  "many roles of one agent": (size) =>
    `${HEAD}${numbered((index) => `role r${index} { allow a.read }\n`, size / 2)}agent b2 { owner leads purpose "p" roles ${numbered((index) => `r${index}, `, size / 4)}r0 identity key ed25519 ${KEY} review by 2099-01-01 }`,
  "many defines that lead into a circle": (size) =>
    `${HEAD}${Array.from({ length: 150 }, (_, index) => `define c${index}(x: string) = c${(index + 1) % 150}(x)\n`).join("")}${numbered((index) => `define d${index}(x: string) = c${index % 150}(x)\n`, size)}`,
  "many days": (size) => `${HEAD}schedule s = ${fill("mon 09:00-17:00, ", size)}tue 09:00-17:00 "Europe/Berlin"`,
  "many claims": (size) =>
    `agent b2 { identity oidc "https://i.example" { ${numbered((index) => `c${index} "v" `, size)} } }`,
};

const declarations: Readonly<Record<string, (index: number) => string>> = {
  labels: (index) => `label l${index} is taint\n`,
  "one label many times": () => "label l is taint\n",
  sets: (index) => `set s${index} = ["a"]\n`,
  "live sets": (index) => `live set s${index} editors leads\n`,
  schedules: (index) => `schedule s${index} = mon-fri 09:00-17:00 "Europe/Berlin"\n`,
  groups: (index) => `group g${index} = ["a${index}@b.example"]\n`,
  channels: (index) => `channel c${index} = slack secret "S"\n`,
  approvals: (index) => `approval p${index} { approvers leads }\n`,
  classes: (index) => `class k${index}\n`,
  actions: (index) => `action t${index}.do(x: string) is read on "t${index}/{x}"\n`,
  "actions of one prefix": (index) => `action t.do${index}(x: string) is read on "t/{x}"\n`,
  "one action many times": () => `action t.do(x: string) is read on "t/{x}"\n`,
  servers: (index) => `server s${index} mcp "https://s.example" tools "f.json" sha256 "00"\n`,
  defines: (index) => `define d${index}(x: string) = x == "a"\n`,
  "defines that call each other": (index) => `define d${index}(x: string) = d${index + 1}(x)\n`,
  "doubling defines": (index) => `define d${index}(x: string) = d${index + 1}(x) and d${index + 1}(x)\n`,
  roles: (index) => `role r${index} { allow a.read }\n`,
  "empty roles": (index) => `role r${index} {}\n`,
  "blocks for every agent": () => "every agent { never delete }\n",
  agents: (index) =>
    `agent b${index} { owner leads purpose "p" roles r identity key ed25519 ${KEY} review by 2099-01-01 }\n`,
  "agents alone": (index) => `agent b${index} {}\n`,
  "agents like the one before": (index) => `agent b${index} like b${index + 1} { owner leads }\n`,
  gateways: (index) => `gateway g${index} { identity key ed25519 ${KEY} for bot }\n`,
  canaries: (index) => `canary c${index} sha256 "${String(index).padStart(64, "0")}"\n`,
  breakers: (index) => `breaker k${index} { when 5 denied in 1m per session then kill session }\n`,
  proofs: (index) => `prove "p${index}" { a.read => at least ask }\n`,
  tests: (index) => `test "t${index}" {\n agent bot\n a.read(x: "1", n: 1, l: ["a"]) => allow\n}\n`,
  policies: (index) => `policy "p${index}" {}\n`,
};

const rules: Readonly<Record<string, (index: number) => string>> = {
  rules: (index) => ` allow a.read on "a/${index}"\n`,
  "the same rule": () => " allow a.read\n",
  nevers: (index) => ` never a.read when args.x == "v${index}"\n`,
  asks: (index) => ` ask a.read when args.n > ${index} via review\n`,
  limits: (index) => ` limit a.read to ${index + 1} in 1h per agent\n`,
  "rules about all": (index) => ` never * when args.x == "v${index}"\n`,
  "rules of unknown actions": (index) => ` allow unknown${index}.x\n`,
  "rules with unknown arguments": (index) => ` allow a.read when args.u${index} == 1\n`,
  "rules by class": (index) => ` never read on "a/${index}*"\n`,
};

const texts: Readonly<Record<string, Make>> = {
  "one long line of words": (size) => fill("word ", size),
  "one long word": (size) => fill("a", size),
  "one long number": (size) => inRole(`args.n == ${fill("9", size)}`),
  "one long string": (size) => inRole(`args.x == "${fill("x", size)}"`),
  "one long open string": (size) => inRole(`args.x == "${fill("x", size)}`),
  escapes: (size) => inRole(`args.x == "${fill("\\n", size)}"`),
  "unknown escapes": (size) => inRole(`args.x == "${fill("\\q", size)}"`),
  "a pattern of stars": (size) => `${HEAD}role r {\n allow a.read on "${fill("*", size)}"\n}`,
  "a pattern of many stars": (size) => `${HEAD}role r {\n allow a.read on "${fill("*a", size)}"\n}`,
  "a pattern of double stars": (size) => `${HEAD}role r {\n allow a.read on "${fill("**/", size)}a"\n}`,
  "a glob of stars": (size) => inRole(`args.x like "${fill("*a", size)}"`),
  "a template of holes": (size) => `${HEAD}action b.c(x: string) is read on "${fill("{x}/", size)}b"`,
  "a template of braces": (size) => `${HEAD}action b.c(x: string) is read on "${fill("{", size)}"`,
  "one long comment": (size) => `${HEAD}// ${fill("c", size)}\nrole r { allow a.read }`,
  comments: (size) => HEAD + fill("// c\n", size),
  "comments behind a rule": (size) => `${HEAD}role r { allow a.read\n${fill("// c\n", size)}}`,
  documentation: (size) => HEAD + fill("/// d\n", size),
  "documentation of nothing": (size) => HEAD + fill("/// d\nrole\n", size),
  acceptances: (size) => HEAD + fill("// accept AP4002: because\n", size),
  "an open block comment": (size) => `/*${fill("*", size)}`,
  "block comments": (size) => fill("/* c */", size),
  slashes: (size) => fill("/", size),
  "pattern-like words": (size) => fill("a/", size),
  quotes: (size) => fill('"', size),
  "single quotes": (size) => fill("'", size),
  "curly quotes": (size) => fill("“", size / 3),
  backticks: (size) => fill("`", size),
  fences: (size) => fill("```\n", size),
  hashes: (size) => fill("#\n", size),
  "new lines": (size) => fill("\n", size),
  "carriage returns": (size) => fill("\r", size),
  spaces: (size) => fill(" ", size),
  zeroes: (size) => fill("\0", size),
  "invisible characters": (size) => fill("\u200b", size / 3),
  "foreign letters": (size) => fill("ж", size / 2),
  "lone surrogates": (size) => fill("\ud800", size / 3),
  emoji: (size) => fill("😀", size / 4),
  dots: (size) => fill(".", size),
  colons: (size) => fill(":", size),
  commas: (size) => fill(",", size),
  "equals signs": (size) => fill("=", size),
  "digits and letters": (size) => fill("1a", size),
  "numbers joined by commas": (size) => fill("1,", size),
  durations: (size) => fill("1h", size),
  "at signs": (size) => fill("a@b.", size),
};

/** Each line a mistake of its own. */
const mistakes: Readonly<Record<string, (index: number) => string>> = {
  "unknown words": (index) => `wrong${index} thing\n`,
  "rules outside": () => "allow a.read\n",
  "broken rules": () => " allow when via\n",
  "misspelt declarations": (index) => `rol r${index} {\n}\n`,
  "missing braces": (index) => `role r${index}\n`,
  "wrong operators": () => " allow a.read when args.n = 1 && args.x\n",
  "lines of YAML": (index) => `key${index}: value\n  - item\n`,
  "lines of JSON": (index) => `"key${index}": {"a": [1, 2]},\n`,
  "limits as rates": () => " limit a.read 10 per minute\n",
};

function repeated(
  cases: Readonly<Record<string, (index: number) => string>>,
  around: (text: string) => string,
): Record<string, Make> {
  return Object.fromEntries(
    Object.entries(cases).map(([name, piece]) => [name, (size: number) => around(numbered(piece, size))]),
  );
}

/** By kind and name. */
export const hardInputs: Readonly<Record<string, Readonly<Record<string, Make>>>> = {
  deep,
  wide,
  texts,
  declarations: repeated(declarations, (text) => `${HEAD}role r { allow a.read }\n${text}`),
  "rules of a role": repeated(rules, (text) => `${HEAD}role r {\n${text}}\n`),
  "rules of every agent": repeated(rules, (text) => `${HEAD}role r { allow a.read }\nevery agent {\n${text}}\n`),
  mistakes: repeated(mistakes, (text) => text),
  "mistakes in a role": repeated(mistakes, (text) => `${HEAD}role r {\n${text}}\n`),
};
