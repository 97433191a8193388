/** Claims that hold are counted, so that their silence can't be taken for their not being looked at. */
import { expect, test } from "vitest";
import { compile, provedClaims, provedText, runTests, testRunJson, testRunText } from "../../compiler/index.ts";
import { agentpolicy, folderWith } from "../cli/run-command.ts";
import { readCorpus } from "../harness/corpus-file.ts";

const sales = readCorpus("parse/acme-sales.agentpolicy");
const broken = readCorpus("diagnostics/proofs.agentpolicy");
const vacuous = readCorpus("diagnostics/vacuous-claims.agentpolicy");

test("all claims of a policy without findings about them are proved", () => {
  const compilation = compile([sales]);
  const claims = compilation.program?.proofs.flatMap((proof) => proof.claims) ?? [];
  expect(claims.length).toBeGreaterThan(0);
  expect(provedClaims(compilation)).toBe(claims.length);
});

test.each([broken, vacuous])("claims with a finding aren't: $name", (source) => {
  const { diagnostics } = compile([source]);
  const compilation = compile([source]);
  const claims = compilation.program?.proofs.flatMap((proof) => proof.claims) ?? [];
  const found = diagnostics.filter(({ code }) => /^AP600[123]$/.test(code)).length;
  expect(found).toBeGreaterThan(0);
  expect(provedClaims(compilation)).toBe(claims.length - found);
});

test("none is where the policy has another error", () => {
  expect(provedClaims(compile([{ ...sales, text: sales.text.replace("roles    sales", "roles    sails") }]))).toBe(0);
});

test.each([
  [0, null],
  [1, "1 claim proved"],
  [5, "5 claims proved"],
])("%i", (proved, text) => {
  expect(provedText(proved)).toBe(text);
});

test("a run of tests says so, as text and as JSON", () => {
  const run = runTests(compile([sales]));
  expect(testRunText(run, [sales], { colour: false, width: 80 })).toContain("2 passed of 2 tests, 1 claim proved");
  expect(JSON.parse(testRunJson(run))).toMatchObject({ proved: 1 });
});

test("`check` says so, as text and as JSON", async () => {
  using folder = folderWith({ "sales.agentpolicy": sales.text });
  const options = { cwd: folder.path };
  expect((await agentpolicy(["check"], options)).stderr).toContain("1 claim proved");
  expect(JSON.parse((await agentpolicy(["check", "--json"], options)).stdout)).toMatchObject({ proved: 1 });
});

test("what breaks a claim can be looked into, with the command as it is printed", { timeout: 60_000 }, async () => {
  using folder = folderWith({ "policy.agentpolicy": broken.text });
  const options = { cwd: folder.path };
  const { stderr } = await agentpolicy(["check", "policy.agentpolicy"], options);
  const commands = stderr.split("\n").filter((line) => line.includes("agentpolicy explain policy.agentpolicy"));
  expect(commands.length).toBeGreaterThan(5);
  for (const command of commands.slice(0, 3)) {
    const words = [...command.trim().matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
    const explained = await agentpolicy(words.slice(1), options);
    expect(explained, command).toMatchObject({ code: 0, stderr: "" });
  }
});
