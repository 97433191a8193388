/** The text that is written, whatever the values, is OpenMetrics to a reader of its own. */
import { describe, expect, test } from "vitest";
import { type Family, renderMetrics } from "../../edge/metrics/open-metrics.ts";
import { parseOpenMetrics } from "./open-metrics-parser.ts";

const HOSTILE = ["", "a\\b", 'say "hi"', "two\nlines", "\\n", '"} 1\nx_total 2', "ключ", "\u0000", "a\u2028b"];

describe("the writer", () => {
  test.each(HOSTILE)("keeps the label value %j as it is", (agent) => {
    const family: Family = {
      type: "gauge",
      name: "x",
      help: agent,
      samples: [{ labels: { agent, b: agent }, value: 0.5 }],
    };
    const [read] = parseOpenMetrics(renderMetrics([family]));
    expect(read?.samples).toEqual([
      {
        name: "x",
        labels: new Map([
          ["agent", agent],
          ["b", agent],
        ]),
        value: 0.5,
      },
    ]);
  });

  test("sums up the buckets of a histogram", () => {
    const buckets = { bounds: [0.005, 1, 2.5], counts: [2, 0, 1, 4], sum: 31.5 };
    const text = renderMetrics([{ type: "histogram", name: "d_seconds", unit: "seconds", help: "D.", buckets }]);
    const [read] = parseOpenMetrics(text);
    expect(read?.samples.map(({ labels, value }) => [labels.get("le"), value])).toEqual([
      ["0.005", 2],
      ["1.0", 2],
      ["2.5", 3],
      ["+Inf", 7],
      [undefined, 7],
      [undefined, 31.5],
    ]);
  });

  test("writes a family without samples, and none at all", () => {
    expect(parseOpenMetrics(renderMetrics([{ type: "counter", name: "x", help: "X.", samples: [] }]))).toHaveLength(1);
    expect(renderMetrics([])).toBe("# EOF\n");
  });
});

describe("the reader of the tests refuses", () => {
  test.each([
    ["no end", "# TYPE x gauge\nx 1\n"],
    ["more behind the end", "# TYPE x gauge\nx 1\n# EOF\n\n"],
    ["a counter without `_total`", "# TYPE x counter\nx 1\n# EOF\n"],
    ["families between one another", "# TYPE x gauge\nx 1\n# TYPE y gauge\ny 1\n# HELP x X.\n# EOF\n"],
    ["a unit that the name doesn't end in", "# TYPE x gauge\n# UNIT x seconds\nx 1\n# EOF\n"],
    ["a quote that isn't escaped", '# TYPE x gauge\nx{a="b"c"} 1\n# EOF\n'],
    ["a sample twice", '# TYPE x gauge\nx{a="b",c="d"} 1\nx{c="d",a="b"} 2\n# EOF\n'],
    [
      "buckets that fall",
      '# TYPE x histogram\nx_bucket{le="1.0"} 2\nx_bucket{le="+Inf"} 1\nx_count 1\nx_sum 1\n# EOF\n',
    ],
    ["text as a value", "# TYPE x gauge\nx one\n# EOF\n"],
    ["a comma at the end of labels", '# TYPE x gauge\nx{a="b",} 1\n# EOF\n'],
  ])("%s", (_, text) => {
    expect(() => parseOpenMetrics(text)).toThrow();
  });
});
