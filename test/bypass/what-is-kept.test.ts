import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTarget } from "./target.ts";
import type { Target } from "./target.ts";

const PIN = "4711-hunter2";
const KEY = "AKIAIOSFODNN7EXAMPLE";
const OTHER = "AKIAIOSFODNN7EXAMPLF";
const CARD = "4111 1111 1111 1111";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.stop());

/** Which of the texts stand in which files. */
async function filesWith(texts: readonly string[]): Promise<readonly string[]> {
  const files = await readdir(target.directory, { recursive: true, withFileTypes: true });
  const read = files
    .filter((file) => file.isFile())
    .map(async ({ parentPath, name }) => {
      const bytes = await readFile(join(parentPath, name));
      return texts.flatMap((text) => (bytes.includes(text) ? [`${text} in ${name}`] : []));
    });
  return (await Promise.all(read)).flat();
}

test("secrets are kept nowhere: not in answers for retries, counts, reservations or what others are told", async () => {
  await target.reload((policy) =>
    policy.replace("allow vault.reset", "allow vault.reset\n  limit crm.read to 50 in 1h per agent, args.id"),
  );
  const asker = await target.open("delta");
  for (const [action, args, outcome] of [
    ["vault.open", { pin: PIN, who: "bo" }, "ask"],
    ["vault.open", { pim: PIN, who: "bo" }, "deny"],
    ["vault.reset", { entries: [{ pin: PIN, who: "bo" }] }, "allow"],
    ["chat.say", { text: `the key is ${KEY}.` }, "deny"],
    ["desk.act", { text: `pay with ${CARD}` }, "ask"],
    [KEY, {}, "deny"],
  ] as const)
    expect(await target.decide(asker, action, args)).toMatchObject({ decision: outcome });
  const more = { request_id: KEY, resources: [`files/${KEY}`] };
  const first = await target.decide(asker, "files.read", { file: KEY }, more);
  expect(first).toMatchObject({ decision: "allow", resources: [`files/${KEY}`] });
  expect(await target.decide(asker, "files.read", { file: KEY }, more)).toEqual(first);
  for (const [id, remaining] of [
    [KEY, "49"],
    [KEY, "48"],
    [OTHER, "49"],
  ])
    expect(await target.decide(asker, "crm.read", { id })).toMatchObject({ limits: [{ remaining }] });
  await target.decide(asker, "files.read", { file: "../x" }, { request_id: OTHER });
  expect((await target.state(asker)).limits).toHaveLength(2);
  expect(await filesWith([PIN, KEY, CARD, OTHER])).toEqual([]);
});

test("long values fill nothing that others count by, and are counted all the same", async () => {
  await target.reload((policy) =>
    policy.replace("allow vault.reset", "allow vault.reset\n  limit notes.add to 2 in 1h per fleet, args.text"),
  );
  const [one, other] = [await target.open("alpha"), await target.open("beta")];
  const text = (end: string) => ({ text: `${"long ".repeat(39)}${end}` });
  expect(await target.decide(one, "notes.add", text("a"))).toMatchObject({ decision: "allow" });
  expect(await target.decide(other, "notes.add", text("a"))).toMatchObject({ decision: "allow" });
  expect(await target.decide(one, "notes.add", text("a"))).toMatchObject({ reason: "limit_exceeded" });
  expect(await target.decide(one, "notes.add", text("b"))).toMatchObject({ decision: "allow" });
  const files = (await filesWith(["long long"])).map((found) => found.replace(/-(?:wal|shm)$/, ""));
  // Their arguments stand in the two sessions' own objects, and nowhere else.
  expect(new Set(files).size).toBe(2);
});

test("a secret can't be tried out where a rule looks for it in a live set", async () => {
  await target.reload((policy) =>
    policy
      .replace("set trusted_hosts", "live set codes editors ops\n\nset trusted_hosts")
      .replace("ask   vault.open via", "ask   vault.open unless args.who in codes or args.pin in codes via"),
  );
  const asker = await target.open("delta");
  const asked = await target.decide(asker, "vault.open", { pin: "4711", who: "bo" });
  const token = await target.person("oda@corp.com");
  const { text } = await target.call(`/v1/sessions/${asker.id}/records`, { token });
  const line = text.split("\n").find((one) => one.includes(asked.decision_id)) ?? "";
  const { record, args } = JSON.parse(line) as Line;
  const digest = (value: string) =>
    createHash("sha256")
      .update(JSON.stringify([args, "codes", value]))
      .digest("hex");
  const digests = record.facts.live.map(({ sha256 }) => sha256);
  expect(digests).toHaveLength(2);
  expect(digests).toContain(digest("bo"));
  expect(digests).not.toContain(digest("4711"));
});

interface Line {
  readonly record: { readonly facts: { readonly live: readonly { readonly sha256: string }[] } };
  readonly args: string;
}
