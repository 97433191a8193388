/** A tool whose schema or description changed is told, and denied until somebody has looked again. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile, type ImportedActions, sha256Hex } from "../../compiler/index.ts";
import type { JsonObject } from "../../engine/index.ts";
import { agentpolicy, folderWith } from "../cli/run-command.ts";
import { imported, minimalPolicy, tool, updated } from "./imported.ts";

function schema(kind: JsonObject, more: JsonObject = {}): JsonObject {
  return { type: "object", properties: { kind }, required: ["kind"], ...more };
}

const A = { enum: ["a"] };
const AB = { enum: ["a", "b"] };

/** Pinned as `sha`; `before` is what stood in the file. */
function pinned(now: ImportedActions, sha: string, before: ImportedActions | null): ImportedActions {
  const was = before === null ? null : { sha256: "0".repeat(64), actions: before.actions };
  return { ...now, server: { url: null, tools: "crm.tools.json", sha256: sha, before: was } };
}

function reviewed(list: string, classes = "read"): string {
  const line = `server crm mcp "https://mcp.acme.example" tools "crm.tools.json" sha256 "${"0".repeat(64)}"`;
  return `${line}\n\nclass crm_unreviewed\n\nevery agent {\n  never crm_unreviewed\n}\n\n/// Finds.\naction crm.find${list}\n  is ${classes}\n  on none\n`;
}

const old = imported([tool("find", schema(A), "Finds.")]);
const widened = imported([tool("find", schema(AB), "Finds.")]);
const CHANGED = "1".repeat(64);

describe("a reviewed action of a catalogue that changed", () => {
  test.each([
    {
      title: "follows a wider enum that nobody narrowed, and is shut",
      list: '(kind: enum("a"))',
      now: pinned(widened, CHANGED, old),
      changes: ['kind: enum("a") → enum("a", "b")'],
      text: '(kind: enum("a", "b"))\n  is read, crm_unreviewed\n',
    },
    {
      title: "keeps what somebody narrowed, and is shut",
      list: '(kind: enum("a"))',
      now: pinned(imported([tool("find", schema({ enum: ["a", "b", "c"] }), "Finds.")]), CHANGED, widened),
      changes: [
        'kind: enum("a", "b") → enum("a", "b", "c")',
        'stays kind: enum("a"), where the catalogue has enum("a", "b", "c")',
      ],
      text: '(kind: enum("a"))\n  is read, crm_unreviewed\n',
    },
    {
      title: "keeps its type where what was reviewed is lost, and is shut",
      list: '(kind: enum("a"))',
      now: pinned(widened, CHANGED, null),
      changes: ['stays kind: enum("a"), where the catalogue has enum("a", "b")'],
      text: '(kind: enum("a"))\n  is read, crm_unreviewed\n',
    },
    {
      title: "tells what its description was",
      list: '(kind: enum("a"))',
      now: pinned(imported([tool("find", schema(A), "Finds and deletes.")]), CHANGED, old),
      changes: ['described: "Finds." → "Finds and deletes."'],
      text: "is read, crm_unreviewed",
    },
    {
      title: "is shut where it takes the server's parameters and nobody knows what they were",
      list: "",
      now: pinned(old, CHANGED, null),
      changes: ["takes the server's parameters, and what they were isn't known"],
      text: "action crm.find\n  is read, crm_unreviewed\n",
    },
    {
      title: "is shut where it takes the server's parameters and they changed",
      list: "",
      now: pinned(widened, CHANGED, old),
      changes: ['kind: enum("a") → enum("a", "b")'],
      text: "action crm.find\n  is read, crm_unreviewed\n",
    },
    {
      title: "is shut for a keyword that no type shows",
      list: '(kind: enum("a"))',
      now: pinned(imported([tool("find", schema(A, { title: "Search" }), "Finds.")]), CHANGED, old),
      changes: ["its schema, in what isn't checked"],
      text: "is read, crm_unreviewed",
    },
  ])("$title", ({ list, now, changes, text }) => {
    const after = updated(reviewed(list), now);
    expect(after.changed).toEqual([{ name: "crm.find", changes, shut: true }]);
    expect(after.text).toContain(text);
    expect(updated(after.text, now).changed).toEqual([]);
  });

  test("stays open while its own tool is the same", () => {
    const other = imported([tool("find", schema(A), "Finds."), tool("send", schema(A))]);
    const after = updated(reviewed('(kind: enum("a"))'), pinned(other, CHANGED, old));
    expect(after.changed).toEqual([]);
    expect(after.text).toContain("  is read\n  on none");
  });

  test("isn't counted where nobody had opened it", () => {
    const after = updated(reviewed('(kind: enum("a"))', "read, crm_unreviewed"), pinned(widened, CHANGED, old));
    expect(after.changed.map(({ shut }) => shut)).toEqual([false]);
  });

  test("is denied, whatever grants it", () => {
    const { text } = updated(reviewed('(kind: enum("a"))'), pinned(widened, CHANGED, old));
    const tools = JSON.stringify({ tools: [{ name: "find", description: "Finds.", inputSchema: schema(AB) }] });
    const policy = text.replace(CHANGED, sha256Hex(tools));
    const sources = [
      { name: "crm.agentpolicy", text: policy },
      { name: "policy.agentpolicy", text: minimalPolicy("allow crm.find") },
    ];
    const { table } = compile(sources, { files: { "crm.tools.json": tools } });
    expect(table?.body.actions.find(({ name }) => name === "crm.find")?.classes).toContainEqual({
      name: "crm_unreviewed",
      when: null,
    });
  });
});

test("a long description is told from its first difference on", () => {
  const long = "Finds a contact in the address book of the company and returns all of its fields. ".repeat(3);
  const before = reviewed('(kind: enum("a"))').replace("/// Finds.", `/// ${long.trim()}`);
  const now = imported([tool("find", schema(A), `${long}Then mails it.`)]);
  const [change] = updated(before, now).changed[0]?.changes ?? [];
  expect(change).toMatch(/^described: …".*" → …".*Then mails it\."$/);
  expect(change?.length).toBeLessThan(200);
});

test("import counts what is to review again, and the commented-out list stays readable", async () => {
  const catalogue = (kind: JsonObject, names: readonly string[]): string =>
    JSON.stringify({ tools: names.map((name) => ({ name, description: "Does it.", inputSchema: schema(kind) })) });
  using folder = folderWith({
    "now.json": catalogue(A, ["find", "send", "drop"]),
    "policy.agentpolicy": minimalPolicy("allow crm.find"),
  });
  const file = join(folder.path, "crm.agentpolicy");
  const args = ["import", "mcp", "now.json", "--server", "crm", "--url", "https://mcp.acme.example"];
  const again = [...args, "--tools", "crm.tools.json", "-o", "crm.agentpolicy"];
  expect((await agentpolicy(again, { cwd: folder.path })).code).toBe(0);
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(/, crm_unreviewed .*$/gm, ""));
  writeFileSync(join(folder.path, "now.json"), catalogue(AB, ["find", "send"]));
  const { stderr, code } = await agentpolicy(again, { cwd: folder.path });
  expect(stderr).toBe(`crm: 0 new, 2 changed, 1 gone, 2 to review again
  ~ crm.find, to review again
      kind: enum("a") → enum("a", "b")
  ~ crm.send, to review again
      kind: enum("a") → enum("a", "b")
  - crm.drop, now a comment
wrote crm.agentpolicy
next: look at the actions in \`crm.agentpolicy\`, and remove \`crm_unreviewed\` from
  those that may be granted
rules, limits and tests may still name what is gone: \`agentpolicy check\` lists
  them
`);
  expect(code).toBe(0);
  expect((await agentpolicy(["check", "."], { cwd: folder.path })).code).toBe(0);
});
