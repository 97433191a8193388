/** What is usual for an agent, as people see it beside the list of sessions. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connectPerson } from "../../sdk/index.ts";
import type { EdgeUnderTest } from "./edge-under-test.ts";
import { startTestEdge } from "./edge-under-test.ts";

let edge: EdgeUnderTest;

beforeAll(async () => {
  edge = await startTestEdge();
});
afterAll(() => edge.edge.stop());

test("an agent's calls are counted by action and hour, once its session has told them", async () => {
  const auditor = connectPerson({
    edge: edge.url,
    token: await edge.edge.personToken({ email: "aud@corp.example", claims: { groups: ["auditors"] } }),
  });
  expect(await auditor.usual("bot")).toEqual([]);
  const { token } = await edge.open();
  for (const file of ["a", "b", "secret/c"]) await edge.decide(token, { action: "files.read", args: { file } });
  await edge.decide(token, { action: "web.fetch", args: { url: "https://a.example/" } });
  await edge.call("/v1/session", { method: "DELETE", token });
  await vi.waitFor(async () => {
    const [bot] = await auditor.usual("bot");
    expect(bot).toMatchObject({ agent: "bot", learned: false });
    expect(bot?.actions).toHaveLength(2);
    expect(bot?.actions.every(({ usual }) => usual === null)).toBe(true);
    expect(new Set(bot?.actions.map(({ action }) => action))).toEqual(new Set(["files.read", "web.fetch"]));
    expect(bot?.actions.reduce((all, { this_hour }) => all + this_hour, 0)).toBe(3);
  }, 10_000);
  expect(await auditor.usual("helper")).toEqual([]);
  const operator = connectPerson({ edge: edge.url, token: await edge.person("oda@corp.example") });
  await expect(operator.usual()).rejects.toThrow(/auditors/);
});
