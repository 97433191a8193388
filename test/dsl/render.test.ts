import { describe, expect, test } from "vitest";
import { type Diagnostic, positionOf, renderDiagnostics, type Source } from "../../dsl/index.ts";

const plain = { colour: false, width: 80 };

/** A diagnostic on the part of the text between `[[` and `]]`. */
function marked(text: string, more: Partial<Diagnostic> = {}): { diagnostic: Diagnostic; source: Source } {
  const start = text.indexOf("[[");
  const end = text.indexOf("]]") - 2;
  const source = { name: "a.agentpolicy", text: text.replace("[[", "").replace("]]", "") };
  const base: Diagnostic = {
    code: "AP2001",
    level: "error",
    message: "`x` isn't declared",
    span: { source: source.name, start, end },
    label: null,
    related: [],
    help: null,
    fix: null,
  };
  return { diagnostic: { ...base, ...more }, source };
}

function rendered(text: string, more: Partial<Diagnostic> = {}, width = 80): string {
  const { diagnostic, source } = marked(text, more);
  return renderDiagnostics([diagnostic], [source], { colour: false, width });
}

/** What stands over the carets. */
function underlined(frame: string): string {
  const lines = frame.split("\n");
  const at = lines.findIndex((line) => /^ *\| +\^/.test(line));
  const code = lines[at - 1] ?? "";
  const carets = lines[at] ?? "";
  return code.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1);
}

describe("a frame", () => {
  test("has the message, the place, the line, the label and the help", () => {
    expect(
      rendered("role r {\n  allow [[x]]\n}\n", { label: "no such action", help: "declare it with `action x`" }),
    ).toBe(`error[AP2001]: \`x\` isn't declared
 --> a.agentpolicy:2:9
  |
2 |   allow x
  |         ^ no such action
  |
  = help: declare it with \`action x\`
`);
  });

  test("shows related places in the same file and in others", () => {
    const { diagnostic, source } = marked("set a = []\n\n\nset [[a]] = []\n");
    const other = { name: "b.agentpolicy", text: "// first\nset a = []\n" };
    const related = [
      { span: { source: source.name, start: 4, end: 5 }, label: "first here" },
      { span: { source: other.name, start: 13, end: 14 }, label: "and here" },
    ];
    expect(
      renderDiagnostics([{ ...diagnostic, related }], [source, other], plain),
    ).toBe(`error[AP2001]: \`x\` isn't declared
 --> a.agentpolicy:4:5
  |
1 | set a = []
  |     - first here
...
4 | set a = []
  |     ^
 ::: b.agentpolicy:2:5
  |
2 | set a = []
  |     - and here
`);
  });

  test("names the fix where there is no help", () => {
    expect(rendered("[[x]]", { fix: { title: "write `y`", edits: [] } })).toContain("= help: write `y`");
  });

  test("stands without a line where the source isn't at hand", () => {
    const { diagnostic } = marked("[[x]]");
    expect(renderDiagnostics([diagnostic], [], plain)).toBe("error[AP2001]: `x` isn't declared\n --> a.agentpolicy\n");
  });

  test("marks the end of the file behind its last character", () => {
    expect(rendered("role r {[[]]")).toContain("1 | role r {\n  |         ^\n");
  });

  test("wraps long messages and help to the width", () => {
    const words = Array.from({ length: 40 }, () => "word").join(" ");
    const lines = rendered("[[x]]", { message: words, help: words }, 60).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  test("puts a label below its carets where there is no room beside them", () => {
    const frame = rendered(`${"a".repeat(60)} [[bb]]`, { label: "this label is far too long to stand beside" });
    expect(Math.max(...frame.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(frame).toContain("this label is far too long to stand beside");
  });
});

describe("a line wider than the terminal", () => {
  test.each([
    ["at its start", `[[target]] ${"x ".repeat(200)}`],
    ["in its middle", `${"x ".repeat(200)}[[target]] ${"y ".repeat(200)}`],
    ["at its end", `${"x ".repeat(200)}[[target]]`],
  ])("is cropped around a span %s", (_where, text) => {
    const frame = rendered(text);
    expect(underlined(frame)).toBe("target");
    expect(Math.max(...frame.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("is cropped within a span that is wider itself", () => {
    const frame = rendered(`${"a".repeat(50)}[[${"b".repeat(500)}]]${"c".repeat(50)}`);
    expect(Math.max(...frame.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(underlined(frame)).toMatch(/^b+$/);
  });
});

describe("what a terminal would not show as it is", () => {
  test.each([
    ["a tab", "\t[[x]]", "x"],
    ["an override of the reading direction", "\u202e[[x]]", "x"],
    ["an escape sequence", "\u001b[31m[[x]]", "x"],
    ["a letter of the right-to-left scripts", "א[[x]]", "x"],
    ["a combining mark", "e\u0301[[x]]", "x"],
    ["a picture", "😀[[x]]", "x"],
    ["itself", "a[[\u200b]]b", "\\u{200b}"],
  ])("leaves the carets where they belong: %s", (_what, text, expected) => {
    const frame = rendered(text);
    expect(underlined(frame)).toBe(expected);
    expect(frame).toMatch(/^(?:[^\p{Cc}\p{Cf}]|\n)*$/u);
  });

  test("counts wide letters as two columns", () => {
    expect(rendered("日本[[x]]")).toContain("1 | 日本x\n  |     ^\n");
  });

  test("is escaped in messages, labels, help and file names too", () => {
    const { diagnostic, source } = marked("[[x]]", { message: "a\u001b[2Jb\nc", label: "d\u202ee", help: "f\u0007g" });
    const span = { ...diagnostic.span, source: "n\u001bame" };
    const frame = renderDiagnostics([{ ...diagnostic, span }], [{ ...source, name: "n\u001bame" }], plain);
    expect(frame).toContain("a\\u{1b}[2Jb\\u{a}c");
    expect(frame).toMatch(/^(?:[^\p{Cc}\p{Cf}]|\n)*$/u);
  });
});

test("colours are only there when asked for", () => {
  const { diagnostic, source } = marked("[[x]]", { label: "here", help: "help" });
  const coloured = renderDiagnostics([diagnostic], [source], { colour: true, width: 80 });
  expect(coloured).toContain("\u001b[1;31merror[AP2001]\u001b[0m");
  // oxlint-disable-next-line no-control-regex -- the codes are what is taken out
  expect(coloured.replace(/\u001b\[[\d;]*m/g, "")).toBe(renderDiagnostics([diagnostic], [source], plain));
});

test("lines end with a line feed, a carriage return, or both", () => {
  const text = "ab\r\nc\rd\n\ne";
  const place = (offset: number): string => Object.values(positionOf(text, offset)).join(":");
  expect([0, 2, 4, 6, 7, 8, 9, 10].map(place)).toEqual(["1:1", "1:3", "2:1", "3:1", "3:2", "4:1", "5:1", "5:2"]);
});
