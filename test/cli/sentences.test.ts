/** What is said to people: no line wider than the terminal, names that were probably meant, an example for every command. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { hangingLines } from "../../cli/hanging-lines.ts";
import { minimalPolicy } from "../imports/imported.ts";
import { agentpolicy, firstPolicyFolder, folderWith } from "./run-command.ts";

describe("sentences in lines", () => {
  test.each([
    ["one two three", 8, ["one two", "  three"]],
    ["it is like this: run `agentpolicy kill` or not", 36, ["it is like this: run", "  `agentpolicy kill` or not"]],
    ["  deep and deeper", 9, ["  deep", "  and", "  deeper"]],
    ["a\nb", 20, ["a", "b"]],
    ["averyveryverylongword x", 8, ["averyveryverylongword", "  x"]],
    ["two  columns", 12, ["two  columns"]],
    ["`no end of it", 8, ["`no end", "  of it"]],
    ["\u001b[31mred\u001b[39m two", 7, ["\u001b[31mred\u001b[39m two"]],
  ])("%j at %i", (text, width, lines) => {
    expect(hangingLines(text, width, "  ")).toEqual(lines);
  });
});

test("help is indented as far in colour as without", async () => {
  using folder = firstPolicyFolder();
  const [plain, coloured] = await Promise.all(
    [{}, { FORCE_COLOR: "1" }].map((env) => agentpolicy(["approvals"], { cwd: folder.path, env })),
  );
  expect(plain?.stderr).toContain("\n  help: ");
  expect(stripVTControlCharacters(coloured?.stderr ?? "")).toBe(plain?.stderr);
});

const EXPLAIN = ["explain", "--agent", "sales_bot", "--action"];

describe("no line of a complaint is wider than 80 columns", () => {
  test.each([
    [[...EXPLAIN, "nothing.like.it"]],
    [[...EXPLAIN, "crm.deals.read", "--session", '{"nonsense":1}']],
    [[...EXPLAIN, "crm.deals.read", "--args", "{broken"]],
    [["explain", "--agent", "zzz", "--action", "crm.deals.read"]],
    [["who-can", "nothing.like.it"]],
    [["kill", "foo", "--reason", "x"]],
    [["keys", "new"]],
    [["keys", "new", "1a"]],
    [["approvals"]],
    [["check", "--explain", "AP9999"]],
    [["deploy", "--dry-run", "--env", "nowhere"]],
  ])("%j", async (args) => {
    using folder = firstPolicyFolder();
    const { code, stderr } = await agentpolicy(args, { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test.each([
    "dev",
    "deploy",
    "import",
    "audit",
    "keys",
    "keys new",
    "keys rotate",
    "canary",
    "canary new",
    "explain",
    "who-can",
    "check",
  ])("and none of `%s --help`, which has an example", async (command) => {
    const { stdout } = await agentpolicy([...command.split(" "), "--help"], { env: { COLUMNS: "80" } });
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toMatch(/Examples?:\n {2}agentpolicy/);
  });
});

describe("a misspelt name is answered with the one that was probably meant", () => {
  test.each([
    [[...EXPLAIN, "crm.deals.raed"], "did you mean `crm.deals.read`?"],
    [["who-can", "crm.deals.raed"], "did you mean `crm.deals.read`?"],
    [["explain", "--agent", "sales_bto", "--action", "crm.deals.read"], "did you mean `sales_bot`?"],
    [[...EXPLAIN, "crm.deals.read", "--session", '{"confidense":1}'], "did you mean `confidence`?"],
    [[...EXPLAIN, "crm.deals.read", "--session", '{"zzz":1}'], "`country`, `confidence`"],
  ])("%j: %s", async (args, message) => {
    using folder = firstPolicyFolder();
    const { code, stderr } = await agentpolicy(args, { cwd: folder.path });
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(message);
    expect(code).toBe(2);
  });
});

test("a code that no finding has isn't taken for another", async () => {
  const { code, stderr } = await agentpolicy(["check", "--explain", "AP9999"]);
  expect(stderr).not.toContain("did you mean");
  expect(code).toBe(2);
});

test("init prints paths with spaces as a shell takes them, and refuses a file by name", async () => {
  using folder = folderWith({ "a file": "" });
  const { stderr } = await agentpolicy(["init", "my agents"], { cwd: folder.path });
  expect(stderr).toContain("`npx agentpolicy check 'my agents'`");
  const refused = await agentpolicy(["init", "a file"], { cwd: folder.path });
  expect(refused.stderr).toContain("`a file` is a file");
  expect(refused.code).toBe(2);
});

test("check counts the imported actions that nobody has looked at", async () => {
  const imported = `class crm_unreviewed
every agent { never crm_unreviewed }
action crm.find() is read, crm_unreviewed on none
action crm.get() is read, crm_unreviewed on none
action crm.list() is read on none
`;
  using folder = folderWith({
    "crm.agentpolicy": imported,
    "policy.agentpolicy": minimalPolicy("allow read allow crm.find"),
  });
  const { code, stderr } = await agentpolicy(["check"], { cwd: folder.path });
  expect(stderr.replaceAll(/\s+/g, " ")).toContain(
    "2 actions are unreviewed, and denied until `crm_unreviewed` is removed",
  );
  // AP4101, whose usual advice is to remove the rule.
  expect(stderr).toContain("help: review the action and remove `crm_unreviewed` from it");
  expect(code).toBe(0);
});

test("deploy says that there are no tests, and doesn't count to nought", async () => {
  using folder = firstPolicyFolder();
  rmSync(join(folder.path, "sales.test.agentpolicy"));
  const { stderr } = await agentpolicy(["deploy", "--dry-run"], { cwd: folder.path });
  expect(stderr).toContain("this policy has no tests");
});
