/** The commands over the analysis, as a person runs them. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { agentpolicy, firstPolicyFolder, folderWith } from "../cli/run-command.ts";

const sales = readFileSync(new URL("../../examples/01-first-policy/sales.agentpolicy", import.meta.url), "utf8");
const wider = sales.replace(/ {2}never delete\n/, "");

describe("agentpolicy diff", () => {
  test("says that nothing changed, also against a compiled table", async () => {
    using folder = folderWith({ "old.agentpolicy": sales, "new.agentpolicy": `// A comment.\n${sales}` });
    const options = { cwd: folder.path };
    expect(await agentpolicy(["diff", "old.agentpolicy", "new.agentpolicy", "--forbid-looser"], options)).toMatchObject(
      {
        code: 0,
        stdout: "no change\n",
      },
    );
    await agentpolicy(["compile", "old.agentpolicy", "-o", "table.json"], options);
    const ran = await agentpolicy(["diff", "table.json", "new.agentpolicy"], options);
    expect(ran).toMatchObject({ code: 0, stdout: "no change\n" });
  });

  test("ends with 1 only where looser is forbidden", async () => {
    using folder = folderWith({ "old.agentpolicy": sales, "new.agentpolicy": wider });
    const options = { cwd: folder.path };
    const ran = await agentpolicy(["diff", "old.agentpolicy", "new.agentpolicy"], options);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain("▲ crm.contacts.delete (delete, write) newly allowed");
    expect((await agentpolicy(["diff", "old.agentpolicy", "new.agentpolicy", "--forbid-looser"], options)).code).toBe(
      1,
    );
    expect((await agentpolicy(["diff", "new.agentpolicy", "old.agentpolicy", "--forbid-looser"], options)).code).toBe(
      0,
    );
  });

  test("gives the same as JSON", async () => {
    using folder = folderWith({ "old.agentpolicy": sales, "new.agentpolicy": wider });
    const ran = await agentpolicy(["diff", "old.agentpolicy", "new.agentpolicy", "--format", "json"], {
      cwd: folder.path,
    });
    expect(JSON.parse(ran.stdout)).toMatchObject({ looser: true, requests: [{ kind: "newly allowed" }] });
  });

  test("refuses what is no table", async () => {
    using folder = folderWith({ "old.json": "{}", "new.agentpolicy": sales });
    expect((await agentpolicy(["diff", "old.json", "new.agentpolicy"], { cwd: folder.path })).code).toBe(3);
  });
});

describe("agentpolicy who-can", () => {
  test("lists agents, and with --rules why", async () => {
    using folder = firstPolicyFolder();
    const ran = await agentpolicy(["who-can", "mail.draft", "--rules"], { cwd: folder.path });
    expect(ran.stdout).toContain("sales_bot\n  ask (lead_review)\n");
    expect(ran.stdout).toMatch(/ask {5}via lead_review \(role sales, sales\.agentpolicy:\d+:3\)/);
    expect(ran.stdout).toContain("1 other agent can't");
  });

  test("knows the nearest name", async () => {
    using folder = firstPolicyFolder();
    const ran = await agentpolicy(["who-can", "mail.drafts"], { cwd: folder.path });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain("mail.draft");
  });
});
