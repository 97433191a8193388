import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { compile, type Compilation, neededFiles, sha256Hex, toolDigest } from "../../compiler/index.ts";
import { match, prepare, readTable } from "../../engine/index.ts";
import { TOOL_FILES } from "../harness/tool-files.ts";
import { errorsOf, minimalPolicy } from "./imported.ts";

const FILE = "crm.tools.json";
const text = TOOL_FILES[FILE] ?? "";
const hash = createHash("sha256").update(text).digest("hex");

function server(actions: string, sha256 = hash): Compilation {
  const policy = `${minimalPolicy("allow read")}\nserver crm mcp "https://mcp.acme.example" tools "${FILE}" sha256 "${sha256}"\n${actions}`;
  return compile([{ name: "policy.agentpolicy", text: policy }], { files: { [FILE]: text } });
}

describe("an action of a server", () => {
  const compilation = server(
    'action crm.find_contact is read on "crm/{name}"\naction crm.remove(id: string(max 8)) is delete on none tool "delete_contact"',
  );
  const body = compilation.table?.body;

  test("takes the parameters of its tool where it writes none", () => {
    expect(errorsOf(compilation)).toEqual([]);
    expect(body?.actions.find(({ name }) => name === "crm.find_contact")?.params).toEqual([
      { name: "name", type: { kind: "string", min: null, max: 80, like: null }, optional: false, secret: false },
      { name: "limit", type: { kind: "int", min: 1, max: 50 }, optional: true, secret: false },
    ]);
  });

  test("keeps its own where it writes them", () => {
    expect(body?.actions.find(({ name }) => name === "crm.remove")?.params).toMatchObject([
      { name: "id", type: { max: 8 } },
    ]);
  });

  test("carries the digest of the tool as it was reviewed", () => {
    // Computed with node's own hash over what RFC 8785 prints.
    const canonical =
      '{"description":"Deletes a contact.","inputSchema":{"properties":{"id":{"type":"string"}},"required":["id"],"type":"object"},"name":"delete_contact"}';
    const digest = createHash("sha256").update(canonical).digest("hex");
    expect(body?.actions.find(({ name }) => name === "crm.remove")?.tool).toEqual({
      name: "delete_contact",
      server: "crm",
      sha256: digest,
    });
    expect(toolDigest({ name: "x", description: null, inputSchema: {}, hints: {} })).toBe(
      createHash("sha256").update('{"inputSchema":{},"name":"x"}').digest("hex"),
    );
  });

  test("brings its server into the table, which says that digests are needed", () => {
    expect(body?.servers).toEqual([{ name: "crm", protocol: "mcp", url: "https://mcp.acme.example", sha256: hash }]);
    expect(body?.needs).toContain("tool digests");
    expect(readTable(compilation.table, sha256Hex)).toMatchObject({ ok: true });
  });

  test("is refused once its tool has changed", () => {
    const { table } = compilation;
    if (table === null) throw new Error("no table");
    const request = {
      agent: "bot",
      session: "s",
      environment: "production",
      action: "crm.find_contact",
      args: { name: "a" },
      at: 0,
    };
    expect(match(prepare(table), { ...request, tool_sha256: "0".repeat(64) }).denied?.reason).toBe("tool_changed");
    expect(match(prepare(table), request).denied).toBeNull();
  });
});

test("another hash is an error that tells the new one", () => {
  const compilation = server("", "0".repeat(64));
  expect(compilation.table).toBeNull();
  expect(compilation.diagnostics.find(({ code }) => code === "AP7003")?.help).toContain(`sha256 "${hash}"`);
});

test("catalogues stand beside the file that names them", () => {
  const text = (file: string): string => `server a mcp "https://a.example" tools "${file}" sha256 ""`;
  const sources = [
    { name: "policies/a.agentpolicy", text: text("a.json") },
    { name: "policies/b.agentpolicy", text: text("../shared/./b.json") },
    { name: "c.agentpolicy", text: text("../c.json") },
    { name: "/srv/d.agentpolicy", text: text("d.json") },
    { name: "e.agentpolicy", text: "// server a mcp" },
    { name: "f.agentpolicy", text: `class x ${text("f.json")}` },
  ];
  expect(neededFiles(sources)).toEqual(["policies/a.json", "shared/b.json", "../c.json", "/srv/d.json", "f.json"]);
});

test("a catalogue of any shape is an error and never a throw", () => {
  const shapes = [
    "",
    "[",
    "null",
    "1",
    '{"tools":1}',
    '{"tools":[1]}',
    '{"tools":[{"name":"a"}]}',
    "[".repeat(300_000),
    '{"tools":[{"name":"find","inputSchema":{"$ref":"#"}}]}',
  ];
  for (const shape of shapes) {
    const policy = `${minimalPolicy("allow read")}\nserver crm mcp "https://mcp.acme.example" tools "t.json" sha256 "${createHash("sha256").update(shape).digest("hex")}"\naction crm.find is read on none`;
    const { diagnostics } = compile([{ name: "policy.agentpolicy", text: policy }], { files: { "t.json": shape } });
    const codes = diagnostics.filter(({ level }) => level === "error").map(({ code }) => code);
    expect(codes, shape.slice(0, 40)).toEqual(shape.includes("$ref") ? [] : ["AP7002"]);
  }
});
