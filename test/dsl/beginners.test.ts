import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import { type Diagnostic, renderDiagnostics, type Source } from "../../dsl/index.ts";
import { corpusFiles, expectFile, readCorpus } from "../harness/corpus-file.ts";

/** One small policy, written in many ways as people write it in their first hour, each with one mistake. */
const [right, ...wrong] = corpusFiles("beginners", ".agentpolicy");

const today = Date.UTC(2026, 10, 21);

function findingsOf(source: Source): readonly Diagnostic[] {
  return compile([source], { today }).diagnostics;
}

function mended({ name, text }: Source, { fix }: Diagnostic): Source {
  const edits = (fix?.edits ?? []).toSorted((left, right_) => right_.span.start - left.span.start);
  const after = edits.reduce(
    (whole, { span, text: put }) => whole.slice(0, span.start) + put + whole.slice(span.end),
    text,
  );
  return { name, text: after };
}

test("the policy that all others would be has no finding", () => {
  expect(findingsOf(readCorpus(`beginners/${right}`))).toEqual([]);
});

describe("a beginner's mistake", () => {
  test.each(wrong)("%s is one message, which says what to write", (name) => {
    const source = readCorpus(`beginners/${name}`);
    const findings = findingsOf(source);
    const rendered = renderDiagnostics(findings, [source], { colour: false, width: 100 });
    expectFile(`beginners/${name.replace(".agentpolicy", ".txt")}`, rendered);
    expect(findings.map(({ message }) => message)).toHaveLength(1);
    expect(findings[0]?.help ?? findings[0]?.fix?.title).toEqual(expect.any(String));
  });

  const fixable = wrong.filter((name) => findingsOf(readCorpus(`beginners/${name}`)).some(({ fix }) => fix !== null));

  test.each(fixable)("%s is mended by the fix that is offered", (name) => {
    const source = readCorpus(`beginners/${name}`);
    const [finding] = findingsOf(source);
    if (finding === undefined) throw new Error("there is no finding");
    const left = findingsOf(mended(source, finding));
    expect(left.filter(({ code }) => code < "AP2" || code === finding.code).map(({ message }) => message)).toEqual([]);
  });
});
