import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import { parse, print, type Source } from "../../dsl/index.ts";
import { readCorpus } from "../harness/corpus-file.ts";

const whole = readCorpus("compile/whole-language.agentpolicy");

/** The declarations of the example as texts, each with the comments above it. */
const ends = parse(whole).file.declarations.map(({ span }) => span.end);
const declarations = ends.map((end, index) => whole.text.slice(ends[index - 1] ?? 0, end).trim());

/** Rules of a block, which stand on one line each. */
function shuffleRules(text: string, order: readonly number[]): string {
  const lines = text.split("\n");
  const rules = lines.filter(isRule);
  const shuffled = order.filter((index) => index < rules.length).map((index) => rules[index] ?? "");
  return [...lines.filter((line) => !isRule(line) && line !== "}"), ...shuffled, "}"].join("\n");
}

/** What stands on one line and in any order: rules, and an agent's other items that it has several of. */
function isRule(line: string): boolean {
  return /^ +(trial|allow|notify|ask|never|limit|escalate|may|identity key|identity mtls) /.test(line);
}

function bodyOf(sources: readonly Source[]): string {
  const { table, diagnostics } = compile(sources);
  if (table === null) throw new Error(diagnostics.map((diagnostic) => diagnostic.message).join("; "));
  return JSON.stringify(table.body);
}

const expected = bodyOf([whole]);

describe("the same policy gives the same bytes", () => {
  test("whatever the order of declarations, rules and files", () => {
    const shuffled = fc.record({
      order: fc.shuffledSubarray([...declarations.keys()], { minLength: declarations.length }),
      rules: fc.shuffledSubarray([...Array(12).keys()], { minLength: 12 }),
      files: fc.array(fc.nat(3), { minLength: declarations.length, maxLength: declarations.length }),
      tight: fc.boolean(),
    });
    fc.assert(
      fc.property(shuffled, ({ order, rules, files, tight }) => {
        const texts: string[] = ["", "", "", ""];
        for (const [at, index] of order.entries()) {
          const text = shuffleBlock(declarations[index] ?? "", rules);
          texts[files[at] ?? 0] += `${tight ? text.replaceAll(/^ +/gm, "") : text}\n\n`;
        }
        expect(bodyOf(texts.map((text, at) => ({ name: `${at}.agentpolicy`, text })))).toBe(expected);
      }),
      { numRuns: 150 },
    );
  });

  test("whether it is formatted or not", () => {
    expect(bodyOf([{ name: "a.agentpolicy", text: print(parse(whole).file) }])).toBe(expected);
  });

  test("and places aside, the same hash", () => {
    const moved = compile([{ name: "other.agentpolicy", text: `\n\n${whole.text}` }]).table;
    const table = compile([whole]).table;
    expect(moved?.hash).toBe(table?.hash);
    expect(moved?.places_hash).not.toBe(table?.places_hash);
  });
});

function shuffleBlock(text: string, rules: readonly number[]): string {
  return /^(role|every agent|agent|approval)/m.test(text) ? shuffleRules(text, rules) : text;
}
