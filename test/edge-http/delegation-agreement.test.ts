/**
 * Chains of sessions at a real edge come to what `agentpolicy test` says of them: for the tests of a policy that is
 * written for it, and for random ones over the same policy.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { compile, type Compilation, type ResolvedTest, runTests, serializeTable } from "../../compiler/index.ts";
import { startEdge } from "../../cli/local/start-edge.ts";
import type { LocalEdge } from "../../cli/local/start-edge.ts";
import { type AgentKeys, makeKeys } from "../harness/agent-keys.ts";
import { type Random, randomFrom } from "../fuzz/random.ts";
import { EdgeUnderTest } from "./edge-under-test.ts";
import { type Outcome, playTest } from "./play-test.ts";

const FILE = join(import.meta.dirname, "../corpus/tests/delegation.agentpolicy");
const AGENTS = ["planner", "writer", "reader"] as const;
const RUNS = Number(process.env["AGREEMENT_RUNS"] ?? "6");
const SEED = Number(process.env["AGREEMENT_SEED"] ?? "1");

let running: LocalEdge | null = null;
afterEach(async () => {
  await running?.stop();
  running = null;
});

/** The policy of the corpus with keys that are known here, and circles that only an edge can refuse. */
function policyText(keys: AgentKeys): string {
  const found = readFileSync(FILE, "utf8").replaceAll("\r\n", "\n");
  const named = found.replaceAll(
    /(agent (\w+) \{[^}]*identity key ed25519 )"[^"]*"/g,
    (_, before: string, agent: string) => `${before}"${keys.public.get(agent) ?? ""}"`,
  );
  return named.replace(
    "  may call reader for web.read\n",
    "  may call reader for web.read\n  may call planner for notes.read\n",
  );
}

function compiled(text: string): Compilation {
  const compilation = compile([{ name: "delegation.agentpolicy", text }]);
  if (compilation.table === null)
    throw new Error(compilation.diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  return compilation;
}

/** What `agentpolicy test` says of each step that it decided. */
function expected(compilation: Compilation, played: ResolvedTest): readonly Outcome[] {
  const { failures } = runTests(compilation).tests.find(({ title }) => title === played.title) ?? { failures: [] };
  let left = 0;
  return played.steps.map((step) => {
    if (left > 0) {
      left += step.kind === "delegate" ? 1 : step.kind === "return" ? -1 : 0;
      return null;
    }
    if (step.kind !== "call" && step.kind !== "delegate") return null;
    const span = step.expectation?.span ?? step.span;
    const failure = failures.find((each) => each.span.start === span.start && each.span.end === span.end);
    const outcome = failure?.got ?? said(step.expectation);
    if (step.kind === "delegate" && outcome !== "allow" && (step.expectation?.outcome ?? "allow") === "allow") left = 1;
    return outcome;
  });
}

function said(expectation: { readonly outcome: string; readonly via: readonly string[] } | null): string {
  if (expectation === null) return "allow";
  return expectation.outcome === "ask" ? `ask via ${expectation.via.join(" and ")}` : expectation.outcome;
}

async function played(compilation: Compilation, keys: AgentKeys, one: ResolvedTest): Promise<readonly Outcome[]> {
  if (compilation.table === null) throw new Error("no table");
  const table = serializeTable(compilation.table);
  running = await startEdge({ table, directory: null });
  const edge = new EdgeUnderTest(running, keys, table);
  const outcomes = await playTest(edge, one, await edge.person("ana@acme.example"));
  await running.stop();
  running = null;
  return outcomes;
}

/** @returns all that was seen */
async function agree(text: string, keys: AgentKeys): Promise<ReadonlySet<Outcome>> {
  const compilation = compiled(text);
  const seen = new Set<Outcome>();
  for (const one of compilation.program?.tests ?? []) {
    const outcomes = await played(compilation, keys, one);
    expect({ title: one.title, outcomes }).toEqual({ title: one.title, outcomes: expected(compilation, one) });
    for (const outcome of outcomes) seen.add(outcome);
  }
  return seen;
}

test("the edge comes to what the policy's own tests say", { timeout: 120_000 }, async () => {
  const keys = await makeKeys<string>(AGENTS);
  await agree(policyText(keys), keys);
});

test("opening below another is decided with the labels of both, and counted for both", {
  timeout: 60_000,
}, async () => {
  const keys = await makeKeys<string>(AGENTS);
  const strict = policyText(keys)
    .replaceAll(/^test "[\s\S]*$/gm, "")
    .replace("role plans {", "role plans {\n  never session.open when session has untrusted")
    .replace("role plans {", "role plans {\n  limit session.open to 3 in 1h per agent");
  const seen = await agree(`${strict}${OPENINGS}`, keys);
  expect(seen).toEqual(new Set(["allow", "never", "limit_exceeded", "no_rule", null]));
});

const OPENINGS = `
test "what starts with a label that forbids it isn't opened" {
  agent planner
  delegate to writer
    mail.send(to: "bo@acme.example")  => allow
  return
  delegate to reader  => never
  delegate to writer
    delegate to reader  => never
}

test "a caller pays for what opens below it" {
  agent planner
  delegate to writer
  return
  delegate to writer
    mail.send(to: "bo@acme.example")  => allow
  return
  delegate to writer  => limit_exceeded
  mail.send(to: "bo@acme.example")    => no_rule
}
`;

test("the edge comes to what the test runner says of random chains", { timeout: 60_000 + RUNS * 20_000 }, async () => {
  const keys = await makeKeys<string>(AGENTS);
  const random = randomFrom(SEED);
  const policy = policyText(keys).replaceAll(/^test "[\s\S]*$/gm, "");
  const tests = Array.from({ length: RUNS }, (_, at) => randomTest(random, at));
  const seen = await agree(`${policy}\n${tests.join("\n")}`, keys);
  for (const outcome of ["allow", "not_delegated", "no_rule"]) expect(seen).toContain(outcome);
});

const CALLS = [
  'web.read(page: "a")',
  'mail.send(to: "bo@acme.example")',
  'mail.draft(to: "bo@acme.example")',
  'approved mail.draft(to: "bo@acme.example")',
  'notes.read(note: "n-1")',
  'mail.read(mail: "m-1")',
];

function randomTest(random: Random, at: number): string {
  const steps: string[] = [];
  for (let depth = 0; steps.length < 14; ) {
    const kind = random.below(10);
    if (kind < 3) {
      steps.push(`delegate to ${random.pick(AGENTS)}`);
      depth += 1;
    } else if (kind < 4 && depth > 0) {
      steps.push("return");
      depth -= 1;
    } else steps.push(`${random.pick(CALLS)} => allow`);
  }
  return `test "random ${at}" {\n  agent ${random.pick(AGENTS)}\n  ${steps.join("\n  ")}\n}\n`;
}
