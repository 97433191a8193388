/** A name in a condition that reads nothing: what it is, or what people from elsewhere mean by it. */
import type { Expression, Name, PathExpression } from "../../dsl/index.ts";
import { nearestName } from "../nearest-name.ts";
import { guessAt, replaceWith, spell } from "../report.ts";
import { FACT_ROOTS } from "./facts.ts";
import type { Scope } from "./scope.ts";

type CallNode = Extract<Expression, { kind: "DefineCall" }>;

interface Meaning {
  readonly label: string;
  readonly help: string;
  /** What stands in place of the whole path; null where only its author can tell. */
  readonly instead: string | null;
}

export function reportStranger(path: PathExpression, root: Name, scope: Scope): void {
  const { report, names } = scope.context;
  const text = pathText(path);
  if (names.by.set.has(text) || names.by["live set"].has(text) || names.by.group.has(text)) {
    report.error("AP3008", {
      span: path.span,
      message: `\`${text}\` stands for many values`,
      label: "can only stand after `in`",
      help: `write \`… in ${text}\``,
    });
    return;
  }
  const meaning = argumentMeant(path, scope) ?? declaredMeant(text, scope) ?? factMeant(path, scope);
  if (meaning !== null) {
    const { label, help, instead } = meaning;
    const fix = instead === null ? null : replaceWith(path.span, instead);
    report.error("AP2023", { span: path.span, message: `there is no \`${text}\` here`, label, help, fix });
    return;
  }
  const known = [...scope.variables.keys(), "args", ...FACT_ROOTS];
  const near = nearestName(root.value, known);
  report.error("AP2023", {
    span: root.span,
    message: `there is no \`${root.value}\` here`,
    label: "unknown name",
    help: near === null ? `a text is written in quotes: \`"${text}"\`` : `did you mean \`${near}\`?`,
    fix: near === null ? null : guessAt(root.span, near),
  });
}

function pathText(path: PathExpression): string {
  return path.segments.map((segment) => spell(segment.value)).join(".");
}

/** First words under which arguments are found elsewhere. */
const ARGUMENTS = new Set(
  "params param parameters input inputs arguments argument arg payload body data context request req event tool_input".split(
    " ",
  ),
);

/** `amount`, `params.amount`, `context.args.amount`, `payments.refund.amount` */
function argumentMeant(path: PathExpression, { actions }: Scope): Meaning | null {
  const words = path.segments.map((segment) => segment.value);
  const declares = (word: string | undefined): boolean =>
    actions?.some((action) => action.params.some((param) => param.name === word)) === true;
  const own = actions?.find((action) => `${words.join(".")}.`.startsWith(`${action.name}.`))?.name.split(".").length;
  const from = own ?? (declares(words[0]) ? 0 : words.findIndex((word) => word !== "args" && !ARGUMENTS.has(word)));
  if (!declares(words[from])) return null;
  const instead = ["args", ...words.slice(from)].map(spell).join(".");
  return { label: "an argument", help: `arguments are read as \`${instead}\``, instead };
}

/** The name of something that is declared, without the words that say what it is. */
function declaredMeant(text: string, { context }: Scope): Meaning | null {
  const { by } = context.names;
  const of = (label: string, instead: string): Meaning => ({ label, help: `write \`${instead}\``, instead });
  if (by.schedule.has(text)) return of("a schedule", `during ${text}`);
  if (by.label.has(text)) return of("a label", `session has ${text}`);
  if (by.define.has(text)) return { label: "a define", help: `call it: \`${text}(…)\``, instead: null };
  if (by.role.has(text)) return { label: "a role", help: `write \`agent.roles contains "${text}"\``, instead: null };
  if (by.agent.has(text)) return { label: "an agent", help: `write \`agent.id == "${text}"\``, instead: null };
  return null;
}

/** What stands for it here, by the first word elsewhere. */
const FACTS_HERE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "agent.id": ["principal", "subject", "caller", "actor", "bot", "client"],
    "requester.id": ["user", "person", "human", "on_behalf_of", "customer"],
    environment: ["env", "stage"],
    "agent.roles": ["role", "roles"],
    "request.ip": ["ip", "source_ip", "remote_addr"],
    "request.time": ["now", "time", "date", "today"],
  }).flatMap(([fact, words]) => words.map((word): [string, string] => [word, fact])),
);

const ACTION_WORDS = new Set(["action", "tool", "operation", "method", "function", "name", "command"]);

const TASK_WORDS = new Set(["task", "prompt", "goal", "instruction", "instructions"]);

function factMeant(path: PathExpression, scope: Scope): Meaning | null {
  const [root, second] = path.segments.map((segment) => segment.value);
  if (root === undefined || scope.variables.has(root)) return null;
  if (ACTION_WORDS.has(root) && (second === undefined || ["name", "id"].includes(second))) {
    const help = "the action stands right behind the tier, as in `allow payments.refund when …`";
    return { label: "no condition", help, instead: null };
  }
  if (TASK_WORDS.has(root.toLowerCase())) {
    const help = "whether the task names a value is asked by `task mentions args.to`, and nothing else of it";
    return { label: "can't be read", help, instead: null };
  }
  const fact = FACTS_HERE.get(root.toLowerCase());
  return fact === undefined ? null : { label: "called otherwise here", help: `write \`${fact}\``, instead: fact };
}

const SPELLED: { readonly [kind: string]: (x: string) => string } = {
  size: (x) => `\`${x}.size\` for a list, \`${x}.length\` for a text`,
  lower: (x) => `\`${x}.lower\``,
  present: (x) => `\`${x} is present\``,
  absent: (x) => `\`${x} is not present\``,
};

/** Functions of other languages, and what says the same of `x`. */
const FUNCTIONS: ReadonlyMap<string, (x: string) => string> = new Map(
  Object.entries({
    size: ["len", "length", "size", "count", "cardinality"],
    lower: ["lower", "tolower", "to_lower", "lowercase", "downcase"],
    present: ["has", "exists", "exist", "defined", "isset", "is_set", "is_present", "present"],
    absent: ["is_null", "isnull", "missing", "is_empty", "empty"],
  }).flatMap(([kind, words]) => words.map((word): [string, (x: string) => string] => [word, SPELLED[kind] ?? plain])),
);

function plain(x: string): string {
  return x;
}

/** Says what to write for the call of a function that other languages have; false where it is none of those. */
export function reportForeignCall(node: CallNode, scope: Scope): boolean {
  if (scope.context.names.by.define.has(node.name.value)) return false;
  const [argument] = node.args;
  const spelled = FUNCTIONS.get(node.name.value.toLowerCase());
  if (spelled === undefined || argument?.kind !== "Path" || node.args.length > 1) return false;
  scope.context.report.error("AP2018", {
    span: node.span,
    message: `there is no function \`${node.name.value}\``,
    label: "unknown name",
    help: `write ${spelled(pathText(argument))}`,
  });
  return true;
}
