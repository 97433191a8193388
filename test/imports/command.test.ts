import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { agentpolicy, folderWith } from "../cli/run-command.ts";
import { TOOL_FILES } from "../harness/tool-files.ts";
import { minimalPolicy } from "./imported.ts";
import { type ToolServer, toolServer, type ToolServerOptions } from "./tool-server.ts";

const CRM = TOOL_FILES["crm.tools.json"] ?? "";
const HASH = "ad4fe91699ad6f3ce46b740866bdb7b5bf10dd85daccb65c68ebc828c7132fdf";
const [find, remove] = (JSON.parse(CRM) as { readonly tools: readonly [object, object] }).tools;

const running: ToolServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map(async (server) => server.close()));
});

async function started(options: ToolServerOptions): Promise<ToolServer> {
  const server = await toolServer(options);
  running.push(server);
  return server;
}

describe("agentpolicy import mcp", () => {
  test("prints the actions of a catalogue, and how many there are", async () => {
    using folder = folderWith({ "crm.tools.json": CRM });
    const { code, stdout, stderr } = await agentpolicy(["import", "mcp", "crm.tools.json"], { cwd: folder.path });
    expect(code).toBe(0);
    expect(stderr).toBe("crm: 2 new, 0 changed, 0 gone\n");
    expect(stdout).toContain(
      "action crm.find_contact(name: string(max 80), limit: int(min 1, max 50)?)\n  is read, crm_unreviewed",
    );
  });

  test.each([
    ["a bare list", JSON.stringify([find])],
    ["the JSON-RPC envelope", JSON.stringify({ jsonrpc: "2.0", id: 1, result: { tools: [find] } })],
    ["a byte order mark", `\ufeff${JSON.stringify({ tools: [find] })}`],
  ])("reads %s from a pipe", async (_, input) => {
    const { code, stdout } = await agentpolicy(["import", "mcp", "-", "--prefix", "crm"], { input });
    expect(code).toBe(0);
    expect(stdout).toContain("action crm.find_contact(");
  });

  test("writes a server line that the policy beside it compiles with", async () => {
    using folder = folderWith({ "crm.tools.json": CRM, "policy.agentpolicy": minimalPolicy("allow read") });
    const args = ["import", "mcp", "crm.tools.json", "--server", "crm", "--url", "https://mcp.acme.example"];
    const { code } = await agentpolicy([...args, "-o", "crm.agentpolicy"], { cwd: folder.path });
    expect(code).toBe(0);
    expect(readFileSync(join(folder.path, "crm.agentpolicy"), "utf8")).toContain(
      `server crm mcp "https://mcp.acme.example" tools "crm.tools.json" sha256 "${HASH}"`,
    );
    expect((await agentpolicy(["check", "."], { cwd: folder.path })).code).toBe(0);

    writeFileSync(join(folder.path, "crm.tools.json"), CRM.replace("Finds a contact", "Finds and exports a contact"));
    const changed = await agentpolicy(["check", "."], { cwd: folder.path });
    expect(changed.code).toBe(1);
    expect(changed.stderr).toContain("error[AP7003]: `crm.tools.json` isn't the catalogue that was reviewed");

    const check = await agentpolicy([...args, "-o", "crm.agentpolicy", "--check"], { cwd: folder.path });
    expect(check.code).toBe(1);
    expect(check.stderr).toBe(
      [
        "crm: 0 new, 1 changed, 0 gone",
        "  ~ crm.find_contact",
        '      described: "Finds a contact by name." → "Finds and exports a contact by name."',
        "crm.agentpolicy: importing again would change it\n",
      ].join("\n"),
    );
    expect((await agentpolicy([...args, "-o", "crm.agentpolicy"], { cwd: folder.path })).code).toBe(0);
    expect((await agentpolicy(["check", "."], { cwd: folder.path })).code).toBe(0);
    expect((await agentpolicy([...args, "-o", "crm.agentpolicy", "--check"], { cwd: folder.path })).code).toBe(0);
  });

  test.each([
    ["plain JSON", false],
    ["events", true],
  ])("asks a server that answers in %s, page by page, and saves what it said", async (_, streams) => {
    const server = await started({ pages: [[find ?? {}], [remove ?? {}]], streams, token: "Bearer t-1" });
    using folder = folderWith({ token: "Bearer t-1\n" });
    const args = [
      "import",
      "mcp",
      server.url,
      "--header",
      "Authorization: @token",
      "--server",
      "crm",
      "--tools",
      "crm.tools.json",
    ];
    const { code, stderr, stdout } = await agentpolicy(args, { cwd: folder.path });
    expect(stderr).toBe("crm: 2 new, 0 changed, 0 gone\n");
    expect(code).toBe(0);
    expect(stdout).toContain(`server crm mcp "${server.url}" tools "crm.tools.json" sha256 "`);
    expect(server.asked).toEqual(["initialize", "notifications/initialized", "tools/list", "tools/list", "DELETE"]);
    expect(JSON.parse(readFileSync(join(folder.path, "crm.tools.json"), "utf8"))).toEqual({
      server: "crm",
      tools: [find, remove],
    });
  });

  test.each([
    [["https://127.0.0.1:1/mcp"], 3, "the server at `https://127.0.0.1:1` doesn't answer"],
    [["http://mcp.acme.example"], 2, "a server is asked over `https`"],
    [["missing.json"], 2, "`missing.json` doesn't exist"],
    [["broken.json"], 2, "`broken.json` isn't JSON: a name in double quotes is expected: line 2, column 17"],
    [["no-tools.json"], 2, "`no-tools.json` holds no tools: give what `tools/list` answers"],
    [["crm.json", "--check"], 2, "`--check` needs the file to check"],
    [["crm.json", "--prefix", "a b"], 2, "`a b` can't begin the names of actions"],
    [["crm.json", "--server", "crm"], 2, "a `server` line needs the server's address"],
    [["crm.json", "-o", "broken.agentpolicy"], 1, "broken.agentpolicy: 1 error; left as it is"],
  ])("%j ends with %i and says why", async (args, code, message) => {
    using folder = folderWith({
      "crm.json": CRM,
      "broken.json": '{"tools": [\n  {"name": "x", }\n]}',
      "no-tools.json": "{}",
      "broken.agentpolicy": "action {",
    });
    const ran = await agentpolicy(["import", "mcp", ...args], { cwd: folder.path });
    expect(ran.stderr.replace(/\s+/g, " ")).toContain(message);
    expect(ran.code).toBe(code);
  });

  test.each([
    [["crm.json"], "what is `crm.json`? help: `agentpolicy import mcp crm.json` for"],
    [["mpc", "crm.json"], "what is `mpc`? help: `agentpolicy import mcp crm.json` for"],
    [[], "import what? help: `agentpolicy import mcp FILE` for"],
  ])("%j asks what kind of file it is", async (args, message) => {
    const ran = await agentpolicy(["import", ...args]);
    expect(ran.stderr.replace(/\s+/g, " ")).toContain(message);
    expect(ran.code).toBe(2);
  });

  test("tells a server that wants a credential how to get one", async () => {
    const server = await started({ pages: [[]], token: "Bearer t-1" });
    const { code, stderr } = await agentpolicy(["import", "mcp", server.url]);
    expect(code).toBe(3);
    expect(stderr).toContain("the server answers 401 to `initialize`");
    expect(stderr).toContain("--header");
  });
});

test("agentpolicy import openapi names the actions by the document's title", async () => {
  const paths = { "/orders": { get: {} } };
  const input = JSON.stringify({ openapi: "3.0.3", info: { title: "Acme Shop" }, paths });
  const { code, stdout } = await agentpolicy(["import", "openapi", "-"], { input });
  expect(code).toBe(0);
  expect(stdout).toContain("action acme_shop.get_orders()\n  is read, acme_shop_unreviewed  // review");
});
