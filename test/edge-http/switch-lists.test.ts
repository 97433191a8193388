/** Lists of switches: page by page, and with a word on those that the policy in force has nothing for. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectPerson } from "../../sdk/index.ts";
import type { ListedSwitch, Person } from "../../sdk/index.ts";
import { compiledTable } from "../harness/compiled-table.ts";
import { startTestEdge } from "./edge-under-test.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";
import { policyText } from "./policy-text.ts";

const PAGE = 100;
let edge: EdgeUnderTest;
let token: string;
let operator: Person;

beforeAll(async () => {
  edge = await startTestEdge();
  token = await edge.person("oda@corp.example");
  operator = connectPerson({ edge: edge.url, token });
});
afterAll(() => edge.edge.stop());

interface Page {
  readonly switches: readonly ListedSwitch[];
  readonly cursor: string | null;
  readonly more: boolean;
}
const page = async (path: string): Promise<Page> => (await edge.call(path, { token })).body as unknown as Page;
const names = (switches: readonly ListedSwitch[]): readonly string[] => switches.map(({ name }) => name);

describe("a list that is longer than a page", () => {
  const people = Array.from({ length: PAGE + 3 }, (_, at) => `p${at}@corp.example`);
  const newestFirst = people.toReversed();

  beforeAll(async () => {
    for (const name of people) await operator.flip("requester", name, "many");
  });

  test("goes on behind its cursor, without gap or repetition, whatever is flipped meanwhile", async () => {
    const first = await page("/v1/switches");
    expect([names(first.switches), first.more]).toEqual([newestFirst.slice(0, PAGE), true]);
    await operator.flip("requester", "late@corp.example", "meanwhile");
    const second = await page(`/v1/switches?after=${first.cursor}`);
    expect(second).toMatchObject({ cursor: null, more: false });
    expect(names(second.switches)).toEqual(newestFirst.slice(PAGE));
    await operator.lift("requester", "late@corp.example", "looked");
  });

  test("is whole for who asks by the client", async () => {
    expect(names(await operator.switches())).toEqual(newestFirst);
    expect(names(await operator.switches({ history: true }))).toEqual(["late@corp.example", ...newestFirst]);
  });

  test("doesn't keep one name's switches from being found", async () => {
    await operator.flip("requester", people[0] ?? "", "once more");
    const found = await page(`/v1/switches/requester/${people[0]}`);
    expect(found.switches.map(({ reason }) => reason)).toEqual(["once more", "many"]);
    expect(found.more).toBe(false);
  });

  test.each(["x", "-1", "", "1.5", "9".repeat(16)])(
    "is 400 behind %j, which no page has for a cursor",
    async (after) => {
      const reply = await edge.call(`/v1/switches?after=${after}`, { token });
      expect([reply.status, reply.body["detail"]]).toEqual([400, "`after` takes the `cursor` of a page"]);
    },
  );

  test("counts every switch for metrics and for what holds a session", async () => {
    const { text } = await edge.call("/metrics", { token });
    expect(text).toContain(`agentpolicy_switches_flipped{scope="requester"} ${PAGE + 4}`);
  });
});

test("a switch for a name that a new policy doesn't have is listed as one that stops nothing", async () => {
  const targets = [
    ["role", "worker"],
    ["action", "note"],
    ["action", "session.open"],
    ["class", "spend"],
    ["agent", "helper"],
    ["session", "ses_0123456789abcdefghjkmnpqrs"],
  ] as const;
  for (const [scope, name] of targets) await operator.flip(scope, name, "looks odd");
  const listed = async (): Promise<readonly string[]> => {
    const mine = (await operator.switches()).filter(({ reason }) => reason === "looks odd");
    return mine.filter((each) => !each.in_policy).map(({ scope, name }) => `${scope} ${name}`);
  };
  expect(await listed()).toEqual([]);
  const renamed = policyText(edge.agents.public, {})
    .replaceAll(/\bworker\b/g, "labourer")
    .replaceAll(/\bnote\b/g, "remark")
    .replaceAll(/\bhelper\b/g, "aide");
  await edge.edge.reload(compiledTable(renamed));
  expect(await listed()).toEqual(["agent helper", "action note", "role worker"]);
  const shown = await page("/v1/switches/role/worker");
  expect(shown.switches).toMatchObject([{ name: "worker", in_policy: false }]);
});
