/** A question as a `test` block, ready to be pasted into the policy. */
import type { Decision, Table } from "../../../engine/index.ts";
import { quote } from "../../../dsl/index.ts";
import { spell } from "../../report.ts";
import { defaultEnvironment } from "../../test-runner/run-tests.ts";
import { verdictText } from "../../test-runner/verdict.ts";
import type { Question } from "../space/question.ts";
import { testArguments } from "./test-value.ts";

/** The clock of tests that don't say `at`. */
const TEST_TIME = Date.UTC(2026, 0, 5, 12);

/**
 * One line, since line ends mean nothing. Null where a test can't state something that the question rests on: claims,
 * an address, a country, another environment, what was done before.
 */
export function testText(table: Table, title: string, question: Question, decision: Decision): string | null {
  const steps = stepsOf(table, question, decision);
  return steps === null ? null : `test ${quote(title)} { ${[headOf(question), ...steps].join(" ")} }`;
}

/** The same in lines, as the formatter lays it out. */
export function testBlock(table: Table, title: string, question: Question, decision: Decision): string | null {
  const steps = stepsOf(table, question, decision);
  if (steps === null) return null;
  return [`test ${quote(title)} {`, ...[headOf(question), ...steps].map((line) => `  ${line}`), "}"].join("\n");
}

/** `agent sales_bot for "kim@acme.example" at … task "…"`. */
export function headOf({ request, state }: Question): string {
  const { agent, callers = [], requester, at } = request;
  return [
    `agent ${spell(callers[0] ?? agent)}`,
    ...(requester === undefined ? [] : [`for ${quote(requester.id)}`]),
    ...(at === TEST_TIME ? [] : [`at ${new Date(at).toISOString().replace(".000Z", "Z")}`]),
    ...(state.task === undefined ? [] : [`task ${quote(state.task)}`]),
  ].join(" ");
}

function stepsOf(table: Table, question: Question, decision: Decision): readonly string[] | null {
  const { request, state, history } = question;
  const call = callText(table, question);
  if (call === null || !canBeStated(table, question) || history.age + history.calls + history.did.length > 0)
    return null;
  const { agent, callers = [] } = request;
  const chain = [...callers, agent];
  const starts = new Set(table.body.agents.flatMap((one) => (chain.includes(one.name) ? one.starts_with : [])));
  if ([...starts].some((label) => !state.labels.has(label))) return null;
  return [
    ...chain.slice(1).map((name) => `delegate to ${spell(name)}`),
    ...[...state.labels].filter((label) => !starts.has(label)).map((label) => `given session has ${spell(label)}`),
    ...setsGiven(question),
    ...[...state.roles].map((role) => `approved become ${spell(role)} => allow`),
    `${call} => ${verdictText(decision)}`,
  ];
}

export function callText(table: Table, { request }: Question): string | null {
  const action = table.body.actions.find(({ name }) => name === request.action);
  const args = testArguments(request.args, action?.params ?? []);
  return args === null ? null : `${spell(request.action)}(${args})`;
}

/** A live set is unknown until a test gives it. */
function setsGiven({ said, readable }: Question): readonly string[] {
  return readable.map((set) => {
    const texts = said.filter(({ by }) => by === `live ${set}`).map(({ text }) => quote(text));
    return `given set ${spell(set)} has ${texts.length === 0 ? quote("nothing of this") : [...new Set(texts)].join(", ")}`;
  });
}

function canBeStated(table: Table, { request }: Question): boolean {
  const { requester, environment, ip, country, confidence, session } = request;
  if (environment !== defaultEnvironment(table)) return false;
  if (ip !== undefined || country !== undefined || confidence !== undefined || session !== "s-1") return false;
  return (
    requester === undefined ||
    (Object.keys(requester.claims).length === 0 && plainAddress(requester.id, requester.email))
  );
}

/** As tests name people: with an `@` an address, without one a subject. */
function plainAddress(id: string, email: string | undefined): boolean {
  return id.includes("@") ? email === id : email === undefined;
}
