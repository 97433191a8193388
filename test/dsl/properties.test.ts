import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, print, renderDiagnostics } from "../../dsl/index.ts";
import { readCorpus } from "../harness/corpus-file.ts";
import { casesIn, declarationsOf, meaningOf } from "./corpus.ts";

/** How often each property is tried; a long run is `FUZZ_RUNS=100000 npx vitest run test/dsl`. */
const numRuns = Number(process.env["FUZZ_RUNS"] ?? 200);

const texts = casesIn("parse", ".json").map((name) => readCorpus(`parse/${name}.agentpolicy`).text);
const plainTexts = texts.map((text) => text.replace(/^\ufeff/, "").replace(/^[ \t]*\/\/.*$/gm, ""));

/** The parts of a text between which anything may stand that means nothing. */
function partsOf(text: string): readonly string[] {
  return text.match(/"(?:[^"\\\n]|\\.)*"|\/\/.*|\.\.\.|=>|[<>=!]=|-?\d[\w:.+%-]*|[A-Za-z_][\w-]*|[^\s\w]/g) ?? [];
}

const gap = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(" ", "  ", "\n", "\n\n", "\n \n\n\t", "\r\n", "\r") },
  { weight: 1, arbitrary: fc.constantFrom(" // beside\n", "\n// above\n", "\n\n  // apart\n\n", "\n//\n") },
);

/** A policy of the corpus with other white space and comments of its own. */
const reformatted = fc
  .record({ text: fc.constantFrom(...plainTexts), gaps: fc.array(gap, { minLength: 1, maxLength: 60 }) })
  .map(({ text, gaps }) => {
    const parts = partsOf(text).filter((part) => !part.startsWith("//"));
    return { text, other: parts.map((part, index) => part + (gaps[index % gaps.length] ?? " ")).join("") };
  });

/** A policy of the corpus with a few parts taken out, doubled, swapped or replaced. */
const damaged = fc
  .record({
    text: fc.constantFrom(...texts),
    hits: fc.array(fc.record({ at: fc.nat(), how: fc.nat(4), what: fc.string({ maxLength: 4 }) }), { maxLength: 6 }),
  })
  .map(({ text, hits }) => {
    const parts = [...(text.match(/\s+|"[^"\n]*"|[\w-]+|[^\s\w]/g) ?? [])];
    for (const { at, how, what } of hits) {
      const place = parts.length === 0 ? 0 : at % parts.length;
      const replaced = [
        [],
        [parts[place] ?? "", parts[place] ?? ""],
        [what],
        [`"`],
        [parts[(place + 7) % parts.length] ?? ""],
      ];
      parts.splice(place, 1, ...(replaced[how] ?? []));
    }
    return parts.join("");
  });

function holdsPrinted(text: string): void {
  const before = parse({ name: "a", text });
  if (before.diagnostics.some(({ level }) => level === "error")) return;
  const printed = print(before.file);
  const after = parse({ name: "b", text: printed });
  expect(after.diagnostics.filter(({ level }) => level === "error")).toEqual([]);
  expect(meaningOf(after.file)).toBe(meaningOf(before.file));
  expect(print(after.file)).toBe(printed);
}

describe("whatever a file holds", () => {
  test("random text gives a tree and messages, and both can be shown", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const { file, diagnostics } = parse({ name: "a", text });
        expect(file.kind).toBe("File");
        for (const { span } of diagnostics) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeLessThanOrEqual(text.length);
        }
        const shown = renderDiagnostics(diagnostics, [{ name: "a", text }], { colour: false, width: 80 });
        // Nothing but line ends may move a terminal's cursor or change what it shows.
        expect(shown).toMatch(/^(?:[^\p{Cc}\p{Cf}\p{Cs}]|\n)*$/u);
        print(file);
      }),
      { numRuns },
    );
  });

  test("random bytes give a tree and messages", () => {
    const decoder = new TextDecoder();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(parse({ name: "a", text: decoder.decode(bytes) }).file.kind).toBe("File");
      }),
      { numRuns },
    );
  });

  test("a damaged policy gives a tree, and what reads without error prints without change", () => {
    fc.assert(fc.property(damaged, holdsPrinted), { numRuns });
  });
});

describe("white space and comments", () => {
  test("mean nothing", () => {
    fc.assert(
      fc.property(reformatted, ({ text, other }) => {
        const read = parse({ name: "b", text: other });
        expect(read.diagnostics).toEqual([]);
        expect(declarationsOf(read.file)).toBe(declarationsOf(parse({ name: "a", text }).file));
      }),
      { numRuns },
    );
  });

  test("printing keeps the tree and every comment, and printing again changes nothing", () => {
    fc.assert(
      fc.property(reformatted, ({ other }) => holdsPrinted(other)),
      { numRuns },
    );
  });
});
