/** The parameters that random actions declare: one type for each name, few values, so that rules meet often. */

import type { Json } from "./model.ts";

export interface Sample {
  readonly type: string;
  /** Values that the type admits. */
  readonly good: readonly Json[];
  /** Values that it refuses. */
  readonly bad: readonly Json[];
  /** Conditions over `X`, the path of the argument. */
  readonly conditions: readonly string[];
  /** Can it fill a hole of a template? */
  readonly hole: boolean;
  /** Can it be a key of a limit? */
  readonly key: boolean;
}

/** A marker that some policies know; its hash stands in `random-policy.ts`. */
export const CANARY = "apc_abcdefghijklmnopqrstuvwxyz";

const UUID = "0192f0c1-7e5a-7000-8000-000000000001";
const OTHER_UUID = "0192f0c1-7e5a-7000-8000-000000000002";

const PARAMETERS: { readonly [name: string]: Sample } = {
  id: {
    type: "string(min 4, max 12)",
    good: ["alpha", "beta", "gamma", "a.b-c", "prod-1"],
    bad: ["abc", 7, ["alpha"], "thirteen-long", {}, true],
    conditions: [
      'X == "alpha"',
      'X != "beta"',
      "X in words",
      "X not in words",
      'X like "prod-*"',
      'X like "?lpha"',
      'X contains "ta"',
      'X ends with "a"',
      "X.length > 4",
      'X.lower == "alpha"',
      "task mentions X",
      'X in ["alpha", "prod-1"]',
      "X in vendors",
    ],
    hole: true,
    key: true,
  },
  tag: {
    type: 'enum("x", "y", "z-1")',
    good: ["x", "y", "z-1"],
    bad: ["X", "", "q", 1, null],
    conditions: ['X == "x"', 'X in ["x", "y"]', 'X != "z-1"', 'not X == "y"', "X in vendors"],
    hole: true,
    key: true,
  },
  n: {
    type: "int(min 0, max 20)",
    good: [0, 1, 3, 10, 20],
    bad: [-1, 21, 1.5, "3", -0, 1e21, true],
    conditions: ["X <= 3", "X > 1", "X == 10", "X in whole", "3 < X", "X != 0", "X not in whole"],
    hole: true,
    key: true,
  },
  amount: {
    type: "decimal(min 0, max 1000)",
    good: [0, 1, 2.5, "2.50", 999.999999, "0.000001", 1000, 50.01],
    bad: [-0.01, "1e3", 1000.000001, "1,000", 0.1 + 0.2, "-0", "01", 1e-7, "2.", ".5", "+1", Number.NaN],
    conditions: ["X <= 50", "X > 2.5", "X == 2.5", "X in numbers", "X >= 0.000001", "50 < X"],
    hole: false,
    key: true,
  },
  to: {
    type: "list<email>(max 3)",
    good: [
      ["ana@acme.example"],
      ["bo@evil.example"],
      ["ana@acme.example", "li@acme.example"],
      ["ana@acme.example", "bo@evil.example"],
    ],
    bad: [
      [],
      "ana@acme.example",
      ["ana@ACME.example"],
      ["ana"],
      ["ana@acme.example."],
      ["a@acme.example", 3],
      ["a@b.example", "b@b.example", "c@b.example", "d@b.example"],
      ["bob@acme.example, eve@evil.example"],
      [null],
    ],
    conditions: [
      "every e in X: e.domain in domains",
      "some e in X: e.domain not in domains",
      'X contains "bo@evil.example"',
      "X.size > 1",
      "every e in X: e in leads",
      'some e in X: e.local == "ana"',
      "task mentions X",
      'every e in X: (e.domain in domains and not e == "li@acme.example")',
      "internal(X)",
      "every e in X: e in vendors",
      "some e in X: e.domain in vendors",
    ],
    hole: true,
    key: false,
  },
  url: {
    type: "url(https)",
    good: [
      "https://acme.example/",
      "https://acme.example",
      "https://evil.example/a/b?q=1",
      "https://acme.example:8443/a",
      "https://good.example/#x",
    ],
    bad: [
      "http://acme.example/",
      "https://ACME.example/",
      "https://a@acme.example/",
      "acme.example",
      "https://acme.example:443/",
      "https://acme.example/../x",
      "https:acme.example",
      "https://127.1/",
      "https://acme.example\\x",
    ],
    conditions: [
      "X.host in domains",
      'X.host == "evil.example"',
      "X.port == 443",
      'X.path starts with "/a"',
      'X.scheme == "https"',
      'X == "https://acme.example/"',
      "task mentions X",
    ],
    hole: false,
    key: false,
  },
  host: {
    type: "host",
    good: ["acme.example", "evil.example", "a.good.example", "xn--bcher-kva.example"],
    bad: ["ACME.example", "acme.example.", "acme.example:80", "127.1", "0x7f.1", "a b", "", "bücher.example", "a/b"],
    conditions: [
      "X in domains",
      'X == "evil.example"',
      'X ends with ".good.example"',
      "task mentions X",
      "X in vendors",
    ],
    hole: true,
    key: true,
  },
  file: {
    type: "path",
    good: ["a/b", "a", "b/c/d", "a/.env", "b"],
    bad: ["/a", "a//b", "a/../b", "a/", "", "a/.", "a%2fb", "a\\b", "a/b.", "\u0065\u0301/x", "a/\u200b"],
    conditions: ['X like "a/*"', 'X == "a/b"', 'X starts with "b"', 'X contains ".env"'],
    hole: true,
    key: true,
  },
  flag: {
    type: "bool",
    good: [true, false],
    bad: ["true", 0, null],
    conditions: ["X == true", "X != true", "X == false"],
    hole: false,
    key: true,
  },
  words_seen: {
    type: "list<string(max 8)>(min 0, max 3)",
    good: [[], ["alpha"], ["beta", "delta"], ["delta"]],
    bad: ["alpha", [1], ["too-long-by-one"], ["a", "b", "c", "d"]],
    conditions: [
      'X contains "alpha"',
      "every w in X: w in words",
      "some w in X: w in words",
      "X.size == 0",
      "some w in X: w.length > 4",
      "some w in X: w not in vendors",
    ],
    hole: false,
    key: false,
  },
  rec: {
    type: "record { k: string(max 5), o: int? }",
    good: [{ k: "one" }, { k: "two", o: 3 }, { k: "one", o: null }, { k: "two", o: 0 }],
    bad: [{}, { k: 1 }, { k: "one", z: 1 }, [], "one", { k: "one", o: "3" }, { k: "longer" }],
    conditions: ['X.k == "one"', "X.o > 2", "X.o is present", "X.o is not present or X.o < 1", "X.o == 0"],
    hole: false,
    key: false,
  },
  when_due: {
    type: "timestamp",
    good: ["2026-01-05T12:00:00Z", "2026-12-31T23:59:59+01:00", "2027-03-01T00:00:00.5Z"],
    bad: ["tomorrow", "2026-02-30T00:00:00Z", "2026-01-05", 1767614400000, "2026-01-05T25:00:00Z"],
    conditions: ["X < 2026-06-30", "X >= 2026-12-31T22:59:59Z", "X > 2027-01-01"],
    hole: false,
    key: false,
  },
  wait: {
    type: "duration",
    good: ["30m", "10s", "4h", "1d"],
    bad: ["30", "-5m", 30, "1w", ""],
    conditions: ["X <= 30m", "X == 4h", "X > 10s"],
    hole: false,
    key: false,
  },
  urls: {
    type: "list<url(https, http)>(max 2)",
    good: [["https://acme.example/"], ["http://evil.example/x", "https://acme.example"], ["http://good.example:8080/"]],
    bad: [["ftp://acme.example/"], ["https://acme.example/ "], "https://acme.example/", [["https://acme.example/"]]],
    conditions: [
      "every u in X: u.host in domains",
      'some u in X: u.scheme == "http"',
      'X contains "https://acme.example/"',
      "some u in X: u.port == 8080",
    ],
    hole: false,
    key: false,
  },
  home: {
    type: "path(absolute, lower)",
    good: ["/home/a", "/a", "/home/a/b.txt"],
    bad: ["home/a", "/Home/a", "/", "//a", "/a/", "/a/../b"],
    conditions: ['X like "/home/*"', 'X == "/a"', 'X starts with "/home/a"'],
    hole: true,
    key: true,
  },
  '"max retries"': {
    type: "int(min 0, max 9)",
    good: [0, 3, 9],
    bad: [10, "1", 0.5],
    conditions: ["X > 2", "X in [0, 9]"],
    hole: false,
    key: true,
  },
  addr: {
    type: "ip",
    good: ["10.1.2.3", "192.0.2.7", "8.8.8.8"],
    bad: ["10.1.2", "010.1.2.3", "10.1.2.3/8", "::ffff:10.1.2.3", "localhost", "0x7f.0.0.1", "1.2.3.256"],
    conditions: ['X in "10.0.0.0/8"', 'X in ["10.1.2.0/24", "192.0.2.7"]', 'X == "8.8.8.8"', 'X not in "192.0.2.0/24"'],
    hole: false,
    key: true,
  },
  body: {
    type: "string(max 60)",
    good: [
      "hello",
      "see https://evil.example/x",
      "visit acme.example now",
      "https://acme.example and evil.example",
      "",
      `see ${CANARY}`,
      Buffer.from(`a${CANARY}`).toString("base64"),
    ],
    bad: [1, "x".repeat(61), ["hello"]],
    conditions: [
      "X.links.size == 0",
      "some l in X.links: l.host not in domains",
      "every l in X.links: l.host in domains",
      'X == "hello"',
      "X.length < 6",
    ],
    hole: false,
    key: true,
  },
  lines: {
    type: "list<record { sku: string(max 5), price: decimal(min 0) }>(max 2)",
    good: [
      [{ sku: "a", price: 3 }],
      [
        { sku: "b", price: "2.50" },
        { sku: "a", price: 60 },
      ],
    ],
    bad: [[{ sku: "a" }], [{ sku: "a", price: -1 }], [{ sku: "a", price: 1, x: 1 }], [], {}],
    conditions: ["every l in X: l.price <= 50", 'some l in X: (l.sku == "b" and l.price < 3)', "X.size == 1"],
    hole: false,
    key: false,
  },
  blob: {
    type: "json",
    good: [{ a: [1, null] }, "x", 3, [true]],
    bad: [],
    conditions: [],
    hole: false,
    key: false,
  },
  case_id: {
    type: "uuid",
    good: [UUID, OTHER_UUID],
    bad: [UUID.toUpperCase().replace("C", "C"), "0192f0c1", `{${UUID}}`],
    conditions: [`X == "${UUID}"`, "task mentions X"],
    hole: true,
    key: true,
  },
};

export const NAMES = Object.keys(PARAMETERS);

export function sampleOf(name: string): Sample {
  const sample = PARAMETERS[name];
  if (sample === undefined) throw new Error(`no parameter ${name}`);
  return sample;
}
