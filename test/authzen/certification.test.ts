/** The certification scenario of OpenID AuthZEN 1.0, case by case, with the policy of `examples/05-authzen`. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Reply } from "../harness/http-call.ts";
import { BASE, startAuthzenEdge } from "./authzen-edge.ts";
import type { AuthzenEdge } from "./authzen-edge.ts";

interface Case {
  readonly id: string;
  readonly level: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly repeat?: number;
  readonly expect: {
    readonly status: number;
    readonly decision?: boolean;
    readonly evaluations?: readonly (boolean | "boolean")[];
    readonly headers?: Readonly<Record<string, string>>;
    readonly contentType?: string;
    readonly required?: readonly string[];
    readonly policy_decision_point_equals_base?: boolean;
    readonly endpointsHttps?: boolean;
    readonly resultsInclude?: readonly object[];
    readonly resultsExact?: readonly object[];
    readonly resultsArray?: boolean;
    readonly sameAs?: string;
    readonly pageOptional?: boolean;
  };
}

const { cases } = JSON.parse(readFileSync(`${import.meta.dirname}/data/certification-cases.json`, "utf8")) as {
  readonly cases: readonly Case[];
};

let edge: AuthzenEdge;
beforeAll(async () => {
  edge = await startAuthzenEdge();
});
afterAll(() => edge.stop());

function send({ method, path, headers = {}, body, rawBody }: Case): Promise<Reply> {
  if (method === "GET") return edge.call(path, { headers });
  return edge.ask(path.replace("/access/v1/", ""), rawBody ?? body, { method, headers });
}

test("all 57 cases are here", () => {
  expect(cases.length).toBe(57);
  expect(new Set(cases.map(({ id }) => id)).size).toBe(57);
});

describe.each([...new Set(cases.map(({ level }) => level))])("%s", (level) => {
  test.each(cases.filter((one) => one.level === level).map((one) => [one.id, one] as const))("%s", async (_, one) => {
    for (let time = 0; time < (one.repeat ?? 1); time += 1) await judge(one, await send(one));
  });
});

async function judge(one: Case, reply: Reply): Promise<void> {
  const { expect: wanted } = one;
  const { body } = reply;
  expect(reply.status, reply.text).toBe(wanted.status);
  if (wanted.status === 200) expect(reply.headers.get("content-type")).toMatch(/^application\/json(;|$)/);
  for (const [name, value] of Object.entries(wanted.headers ?? {})) expect(reply.headers.get(name)).toBe(value);
  if (wanted.decision !== undefined) expect(body["decision"], reply.text).toBe(wanted.decision);
  if (wanted.evaluations !== undefined) judgeEvaluations(wanted.evaluations, body);
  if (wanted.required !== undefined) judgeMetadata(body, wanted.required);
  const results = body["results"] as readonly object[] | undefined;
  for (const result of wanted.resultsInclude ?? []) expect(results).toContainEqual(result);
  if (wanted.resultsExact !== undefined) expect(results).toEqual(wanted.resultsExact);
  if (wanted.resultsArray === true) expect(Array.isArray(results)).toBe(true);
  if (wanted.pageOptional === true) expect(body["page"]).toEqual({ next_token: expect.any(String), count: 1 });
  const same = cases.find(({ id }) => id === wanted.sameAs);
  if (same !== undefined) expect(results).toEqual((await send(same)).body["results"]);
}

function judgeEvaluations(wanted: readonly (boolean | "boolean")[], body: Reply["body"]): void {
  const evaluations = body["evaluations"] as readonly { readonly decision: unknown }[];
  expect(evaluations.map(({ decision }) => typeof decision)).toEqual(wanted.map(() => "boolean"));
  for (const [at, decision] of wanted.entries())
    if (decision !== "boolean") expect(evaluations[at]?.decision).toBe(decision);
}

function judgeMetadata(body: Reply["body"], required: readonly string[]): void {
  expect(Object.keys(body)).toEqual(expect.arrayContaining([...required]));
  expect(body["policy_decision_point"]).toBe(BASE);
  for (const [name, value] of Object.entries(body))
    if (name.endsWith("_endpoint")) expect(value).toMatch(new RegExp(`^${BASE}/access/v1/`));
}
