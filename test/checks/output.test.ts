/** What `check` prints: the same findings in every format, each format as its readers want it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { describe, expect, test } from "vitest";
import { findingsJson } from "../../cli/report/findings-json.ts";
import { githubAnnotations } from "../../cli/report/github.ts";
import { sarif } from "../../cli/report/sarif.ts";
import { compile } from "../../compiler/index.ts";
import { undelivered } from "../../edge/delivered.ts";
import { renderDiagnostics } from "../../dsl/index.ts";
import { agentpolicy, FIRST_POLICY, folderWith, ROOT } from "../cli/run-command.ts";
import { corpusFiles, readCorpus } from "../harness/corpus-file.ts";

/** Syntax, names, types, design, agents: one policy of each kind of mistake. */
const POLICIES = [
  "rules",
  "names",
  "comparisons",
  "mixed-units",
  "open-exit",
  "same-rule",
  "quorum",
  "slips-of-syntax",
];

interface Json {
  readonly findings: readonly {
    readonly code: string;
    readonly level: string;
    readonly start: { readonly line: number };
  }[];
}

interface Found {
  readonly code: string;
  readonly level: string;
  readonly line: number;
}

type Format = "text" | "json" | "sarif" | "github";

/** As the command prints them; that it prints these is tested below with the command itself. */
function printed(policy: string, format: Format): string {
  const sources = [{ name: "p.agentpolicy", text: readCorpus(`diagnostics/${policy}.agentpolicy`).text }];
  const { diagnostics } = compile(sources, { today: Date.UTC(2026, 10, 21) });
  if (format === "text") return renderDiagnostics(diagnostics, sources, { colour: false, width: 100 });
  if (format === "github") return githubAnnotations(diagnostics, sources);
  return JSON.stringify(format === "json" ? findingsJson(diagnostics, sources) : sarif(diagnostics, sources));
}

function fromText(stderr: string): readonly Found[] {
  const frames = stderr.matchAll(/^(error|warning|note)\[(AP\d{4})\][^]*?p\.agentpolicy:(\d+):/gm);
  return [...frames].map(([, level = "", code = "", line]) => ({ code, level, line: Number(line) }));
}

function fromGithub(stdout: string): readonly Found[] {
  const lines = stdout.matchAll(/^::(error|warning|notice) file=[^,]+,line=(\d+),.*?title=(AP\d{4})::/gm);
  return [...lines].map(([, level = "", line, code = ""]) => ({
    code,
    level: level === "notice" ? "note" : level,
    line: Number(line),
  }));
}

const region = z.strictObject({
  startLine: z.int().check(z.gte(1)),
  startColumn: z.int().check(z.gte(1)),
  endLine: z.int().check(z.gte(1)),
  endColumn: z.int().check(z.gte(1)),
});
const artifactLocation = z.strictObject({ uri: z.string().check(z.regex(/^[^\s\\:]+$/)) });
const message = z.strictObject({ text: z.string().check(z.minLength(1)) });
const physicalLocation = z.strictObject({ artifactLocation, region });
const level = z.enum(["none", "note", "warning", "error"]);
const rule = z.strictObject({
  id: z.string(),
  shortDescription: message,
  help: z.strictObject({ text: z.string(), markdown: z.string() }),
  helpUri: z.string().check(z.regex(/^[a-z][a-z0-9+.-]*:\S+$/)),
  defaultConfiguration: z.strictObject({ level }),
  properties: z.strictObject({ tags: z.array(z.string()) }),
});
const fix = z.strictObject({
  description: message,
  artifactChanges: z
    .array(
      z.strictObject({
        artifactLocation,
        replacements: z
          .array(z.strictObject({ deletedRegion: region, insertedContent: z.strictObject({ text: z.string() }) }))
          .check(z.minLength(1)),
      }),
    )
    .check(z.minLength(1)),
});
const result = z.strictObject({
  ruleId: z.string(),
  ruleIndex: z.int().check(z.gte(0)),
  level,
  message,
  locations: z.array(z.strictObject({ physicalLocation, message: z.optional(message) })).check(z.minLength(1)),
  relatedLocations: z.array(
    z.strictObject({ id: z.int().check(z.gte(0)), physicalLocation, message: z.optional(message) }),
  ),
  partialFingerprints: z.record(z.string(), z.string().check(z.minLength(1))),
  fixes: z.optional(z.array(fix)),
});

/** The parts of SARIF 2.1.0 (OASIS, 2020) that the command writes, with nothing beside them. */
const log = z.strictObject({
  $schema: z.string(),
  version: z.literal("2.1.0"),
  runs: z
    .array(
      z.strictObject({
        tool: z.strictObject({
          driver: z.strictObject({
            name: z.string(),
            version: z.string(),
            semanticVersion: z.string(),
            rules: z.array(rule),
          }),
        }),
        columnKind: z.literal("utf16CodeUnits"),
        results: z.array(result),
      }),
    )
    .check(z.length(1)),
});

describe.each(POLICIES)("the findings of %s", (policy) => {
  test("are the same in text, JSON, SARIF and GitHub's annotations", () => {
    const json = JSON.parse(printed(policy, "json")) as Json;
    const expected = json.findings.map(({ code, level, start }) => ({ code, level, line: start.line }));
    expect(expected.length).toBeGreaterThan(0);
    expect(fromText(printed(policy, "text"))).toEqual(expected);
    expect(fromGithub(printed(policy, "github"))).toEqual(expected);
    const { runs } = log.parse(JSON.parse(printed(policy, "sarif")));
    const results = runs[0]?.results ?? [];
    const found = results.map(({ ruleId, level, locations }) => ({
      code: ruleId,
      level,
      line: locations[0]?.physicalLocation.region.startLine,
    }));
    expect(found).toEqual(expected);
    for (const { ruleId, ruleIndex } of results) expect(runs[0]?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    const prints = results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
    expect(new Set(prints).size).toBe(prints.length);
  });
});

test("the command prints the same", async () => {
  using folder = folderWith({ "p.agentpolicy": readCorpus("diagnostics/mixed-units.agentpolicy").text });
  for (const format of ["json", "sarif", "github"] as const) {
    const { stdout } = await agentpolicy(["check", "--format", format], { cwd: folder.path });
    const expected = printed("mixed-units", format);
    if (format === "github") expect(stdout).toBe(expected);
    else expect(JSON.parse(stdout)).toMatchObject(JSON.parse(expected) as object);
  }
});

test("a finding keeps its fingerprint when lines are put above it", async () => {
  const { text } = readCorpus("diagnostics/mixed-units.agentpolicy");
  const prints = async (policy: string): Promise<unknown> => {
    using folder = folderWith({ "p.agentpolicy": policy });
    const { stdout } = await agentpolicy(["check", "--format", "sarif"], { cwd: folder.path });
    return log.parse(JSON.parse(stdout)).runs[0]?.results.map(({ partialFingerprints }) => partialFingerprints);
  };
  expect(await prints(`// one line more\n\n${text}`)).toEqual(await prints(text));
});

test("no findings are an empty report in every format", async () => {
  const check = async (format: string): Promise<string> =>
    (await agentpolicy(["check", "examples/01-first-policy", "--format", format])).stdout;
  expect(JSON.parse(await check("json"))).toEqual({ findings: [], proved: 0 });
  expect(log.parse(JSON.parse(await check("sarif"))).runs[0]?.results).toEqual([]);
  expect(await check("github")).toBe("");
});

describe("--explain", () => {
  test("prints the page within 80 columns and without marks of Markdown", async () => {
    const { code, stdout } = await agentpolicy(["check", "--explain", "AP4002"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^AP4002: .+\n\nAvoid\n\n {4}role/);
    expect(stdout).toContain("ASI02 Tool Misuse and Exploitation");
    expect(stdout).not.toMatch(/```|^#|\*\*|\]\(/m);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("takes the code in small letters and without its letters", async () => {
    const { stdout } = await agentpolicy(["check", "--explain", "AP4002"]);
    expect((await agentpolicy(["check", "--explain", "ap4002"])).stdout).toBe(stdout);
    expect((await agentpolicy(["check", "--explain", "4002"])).stdout).toBe(stdout);
  });

  test("says which code was probably meant", async () => {
    const { code, stdout, stderr } = await agentpolicy(["check", "--explain", "APP4002"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/no finding `APP4002`[^]*did you mean `AP4002`\?/);
  });

  test("finds its pages in the packed package", () => {
    const { files } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { files: readonly string[] };
    expect(files).toContain("docs");
    expect(existsSync(join(ROOT, "docs/diagnostics/AP4002.md"))).toBe(true);
  });
});

describe("--report owasp", () => {
  test("prints the ten risks", async () => {
    const { code, stdout } = await agentpolicy(["check", "examples/03-payments", "--report", "owasp"], {
      env: { COLUMNS: "80" },
    });
    expect(code).toBe(0);
    expect([...stdout.matchAll(/^ASI\d\d/gm)].map(([id]) => id)).toHaveLength(10);
    expect(stdout).not.toContain("\u001b");
  });

  test("as JSON, with every rule", async () => {
    const { stdout } = await agentpolicy(["check", "examples/03-payments", "--report", "owasp", "--json"]);
    const { policy, risks } = JSON.parse(stdout) as { policy: string; risks: { id: string; beyond: string }[] };
    expect(policy).toBe("payments");
    expect(risks.map(({ id }) => id)).toEqual(
      Array.from({ length: 10 }, (_, i) => `ASI${String(i + 1).padStart(2, "0")}`),
    );
  });

  test("doesn't count on what this edge can't do", async () => {
    const breaker = "breaker runaway { when 5 denied in 1m per session then kill session }\n";
    const sales = readFileSync(join(FIRST_POLICY, "sales.agentpolicy"), "utf8");
    using folder = folderWith({ "p.agentpolicy": sales + breaker });
    const { stdout } = await agentpolicy(["check", "--report", "owasp"], { cwd: folder.path, env: { COLUMNS: "200" } });
    const [missing] = undelivered({ needs: ["breakers"] });
    const told =
      "declared, not enforced by this edge yet: breakers that kill by themselves: `breaker runaway kills session`";
    expect(stdout.includes(told)).toBe(missing !== undefined);
    expect(stdout).toContain(missing?.meaning ?? "+ breakers that kill by themselves");
  });

  test("isn't SARIF, and needs a policy that compiles", async () => {
    const sarif = await agentpolicy(["check", "examples/03-payments", "--report", "owasp", "--format", "sarif"]);
    expect(sarif.code).toBe(2);
    using folder = folderWith({ "p.agentpolicy": readCorpus("diagnostics/rules.agentpolicy").text });
    const broken = await agentpolicy(["check", "--report", "owasp"], { cwd: folder.path });
    expect(broken).toMatchObject({ code: 1, stdout: "" });
    expect(broken.stderr).toContain("no table is made");
  });
});

describe("--fix", () => {
  test("writes what is safe, says so, and leaves suggestions alone", async () => {
    const units = readCorpus("diagnostics/mixed-units.agentpolicy").text;
    const guesses = units.replace("allow a.read", "allow a.raed");
    using folder = folderWith({ "a.agentpolicy": units, "c/c.agentpolicy": guesses });
    const kept = await agentpolicy(["check", "a.agentpolicy", "--fix"], { cwd: folder.path });
    expect(readFileSync(join(folder.path, "a.agentpolicy"), "utf8")).toBe(units);
    expect(kept.stderr).toContain("would change the table");
    const guessed = await agentpolicy(["check", "c", "--fix"], { cwd: folder.path });
    expect(readFileSync(join(folder.path, "c", "c.agentpolicy"), "utf8")).toBe(guesses);
    expect(guessed.stderr).toContain("left to you: ");
    expect(guessed.stderr).toContain("did you mean");
    const typo = units.replace(/^( *)(allow|ask|never)\b/m, (_, indent: string, tier: string) => {
      return indent + tier.toUpperCase();
    });
    using other = folderWith({ "b.agentpolicy": typo });
    const fixed = await agentpolicy(["check", "b.agentpolicy", "--fix"], { cwd: other.path });
    expect(readFileSync(join(other.path, "b.agentpolicy"), "utf8")).not.toBe(typo);
    expect(fixed.stderr).toMatch(/^fixed b\.agentpolicy: AP1102 /m);
    const again = await agentpolicy(["check", "b.agentpolicy", "--fix"], { cwd: other.path });
    expect(again.stderr).not.toContain("fixed");
  });
});

test("the corpus has the policies that this test reads", () => {
  expect(
    POLICIES.filter((name) => !corpusFiles("diagnostics", ".agentpolicy").includes(`${name}.agentpolicy`)),
  ).toEqual([]);
});
