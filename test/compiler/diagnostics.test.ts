import { describe, expect, test } from "vitest";
import { globSync, readFileSync } from "node:fs";
import { compile } from "../../compiler/index.ts";
import { positionOf } from "../../dsl/index.ts";
import { corpusFiles, expectFile, readCorpus } from "../harness/corpus-file.ts";
import { TOOL_FILES } from "../harness/tool-files.ts";
import { renderedFindings } from "./rendered-findings.ts";

const policies = corpusFiles("diagnostics", ".agentpolicy");

describe("what the compiler says", () => {
  test.each(policies)("of %s", (name) => {
    const rendered = renderedFindings(readCorpus(`diagnostics/${name}`));
    expectFile(`diagnostics/${name.replace(".agentpolicy", ".txt")}`, rendered);
  });

  test.each(["slips", "slips-of-syntax"])("of %s is one message for each mark, on its line, and no other", (name) => {
    const source = readCorpus(`diagnostics/${name}.agentpolicy`);
    const marked = source.text
      .split("\n")
      .flatMap((line, index) => Array.from(line.matchAll(/\/\/ <-/g), () => index + 1));
    const found = compile([source]).diagnostics.map(({ span }) => positionOf(source.text, span.start).line);
    expect(found).toEqual(marked);
  });

  test("has a case in the corpus for every code that the compiler raises", () => {
    const root = new URL("../../", import.meta.url).pathname;
    const sources = globSync("compiler/**/*.ts", { cwd: root }).map((file) => readFileSync(root + file, "utf8"));
    const raised = new Set(sources.flatMap((text) => [...text.matchAll(/"(AP\d{4})"/g)].map(([, code]) => code)));
    const found = new Set(
      policies.flatMap((name) =>
        compile([readCorpus(`diagnostics/${name}`)], {
          today: Date.UTC(2026, 10, 21),
          files: TOOL_FILES,
        }).diagnostics.map(({ code }) => code),
      ),
    );
    expect([...raised].filter((code) => !found.has(code ?? ""))).toEqual([]);
  });

  test("ends no message with a full stop and begins none with a capital", () => {
    for (const name of policies) {
      for (const { message, help, label } of compile([readCorpus(`diagnostics/${name}`)]).diagnostics) {
        for (const text of [message, help, label].filter((line) => line !== null)) {
          expect(text).not.toMatch(/\.$/);
          expect(text).not.toMatch(/^[A-Z]/);
          expect(text).not.toMatch(/undefined|null|\[object|NaN/);
        }
      }
    }
  });
});

describe("a fix", () => {
  test.each(policies)("of %s mends what it is offered for", (name) => {
    const source = readCorpus(`diagnostics/${name}`);
    const { diagnostics } = compile([source], { today: Date.UTC(2026, 10, 21), files: TOOL_FILES });
    for (const { code, span, fix } of diagnostics.filter((diagnostic) => diagnostic.code >= "AP2")) {
      if (fix === null) continue;
      let { text } = source;
      for (const edit of fix.edits.toReversed())
        text = text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
      const after = compile([{ name: source.name, text }], {
        today: Date.UTC(2026, 10, 21),
        files: TOOL_FILES,
      }).diagnostics;
      expect(after.filter((diagnostic) => diagnostic.code.startsWith("AP1")).map(({ message }) => message)).toEqual(
        diagnostics.filter((diagnostic) => diagnostic.code.startsWith("AP1")).map(({ message }) => message),
      );
      expect(after.some((diagnostic) => diagnostic.code === code && diagnostic.span.start === span.start)).toBe(false);
    }
  });
});
