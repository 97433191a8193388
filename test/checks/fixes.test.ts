/** Fixes of the whole corpus, each by itself and all together: what is safe keeps the table, comments and itself. */
import { describe, expect, test } from "vitest";
import { compile, fixPolicy } from "../../compiler/index.ts";
import { parse, type Diagnostic, type Source } from "../../dsl/index.ts";
import { corpusFiles, readCorpus } from "../harness/corpus-file.ts";

const TODAY = { today: Date.UTC(2026, 10, 21) };
const policies = ["diagnostics", "parse", "compile"].flatMap((folder) =>
  corpusFiles(folder, ".agentpolicy").map((name) => `${folder}/${name}`),
);

function withFix(source: Source, { fix }: Diagnostic): Source {
  const edits = (fix?.edits ?? []).toSorted((a, b) => b.span.start - a.span.start);
  const text = edits.reduce(
    (sofar, { span, text: by }) => sofar.slice(0, span.start) + by + sofar.slice(span.end),
    source.text,
  );
  return { name: source.name, text };
}

function comments(source: Source): readonly string[] {
  return parse(source).file.comments.map((comment) => comment.text.trim());
}

describe.each(policies)("of %s", (name) => {
  const source = readCorpus(name);
  const before = compile([source], TODAY);
  const fixes = before.diagnostics.filter(({ fix }) => fix !== null);

  test("each safe fix of a policy that compiles keeps its table, and mends what it is offered for", () => {
    if (before.table === null) return;
    for (const diagnostic of fixes.filter(({ fix }) => fix?.changesTable !== true)) {
      const after = compile([withFix(source, diagnostic)], TODAY);
      expect(after.table?.hash, diagnostic.message).toBe(before.table.hash);
      expect(after.diagnostics.length).toBeLessThan(before.diagnostics.length);
    }
  });

  test("each fix that says it changes the table does", () => {
    if (before.table === null) return;
    for (const diagnostic of fixes.filter(({ fix }) => fix?.changesTable === true)) {
      const after = compile([withFix(source, diagnostic)], TODAY);
      expect(after.table, diagnostic.message).not.toBeNull();
      expect(after.table?.hash, diagnostic.message).not.toBe(before.table.hash);
    }
  });

  test("all safe fixes together keep the table, or bring the policy nearer to one", () => {
    const { compilation, applied } = fixPolicy([source], TODAY);
    if (before.table !== null) expect(compilation.table?.hash).toBe(before.table.hash);
    if (applied.length > 0) expect(compilation.diagnostics).not.toEqual(before.diagnostics);
  });

  test("applied again they do nothing", () => {
    const once = fixPolicy([source], TODAY);
    const twice = fixPolicy(once.sources, TODAY);
    expect(twice.applied).toEqual([]);
    expect(twice.sources).toEqual(once.sources);
  });

  test("they keep every comment but an acceptance that silences nothing", () => {
    const { sources, applied } = fixPolicy([source], TODAY);
    const removed = applied.filter(({ code }) => code === "AP4001" || code.startsWith("AP10"));
    if (removed.some(({ code }) => code !== "AP4001")) return;
    const left = sources.flatMap(comments);
    const lost = comments(source).filter((text) => !left.includes(text));
    expect(lost.filter((text) => !text.startsWith("accept "))).toEqual([]);
    expect(lost.length).toBeLessThanOrEqual(removed.length);
  });
});

test("a fix that turns out to change the table is left alone", () => {
  const source = readCorpus("diagnostics/mixed-units.agentpolicy");
  expect(fixPolicy([source], TODAY).applied).toEqual([]);
});

describe("a guess at a name", () => {
  const whole = (rule: string): Source => ({
    name: "guess.agentpolicy",
    text: `policy "guess" {
  people oidc "https://login.acme.example" audience "guess"
}
group leads = ["ana@acme.example"]
group lead  = ["kim@acme.example"]
set domains = ["acme.example"]
approval lead_review { approvers leads }
action crm.read(to: string(max 64))
  is read
  on "crm/all"
action crm.delete(to: string(max 64))
  is write, delete
  on "crm/all"
agent bot {
  owner    leads
  purpose  "Looks"
  identity key ed25519 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
  review   by 2027-05-30
  ${rule}
}
`,
  });

  test.each([
    ["in a grant", "allow crm.delte"],
    ["of a prefix", "allow crn.*"],
    ["in an exception", "allow crm.* except crm.delte"],
    ["among approvals", "ask crm.delete via lead_reviw"],
    ["of a set", "allow crm.read when args.to in domain"],
    ["in a condition", 'allow crm.read unless args.too == "x"'],
    ["of a limit's reach", "limit crm.read to 5 in 1h per agnt"],
    ["of a tier", "alow crm.read"],
  ])("%s is shown and not applied", (_, rule) => {
    const source = whole(rule);
    const { sources, applied, compilation } = fixPolicy([source], TODAY);
    expect(applied).toEqual([]);
    expect(sources).toEqual([source]);
    expect(compilation.diagnostics.some(({ fix }) => fix?.guess === true)).toBe(true);
  });

  test("what is only written in another way is applied", () => {
    const { applied } = fixPolicy([whole("Allow crm.read")], TODAY);
    expect(applied.map(({ code }) => code)).toEqual(["AP1102"]);
  });
});
