import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../engine/index.ts";
import { compiledWith, errorsOf, imported, tool, updated } from "./imported.ts";

function object(properties: JsonObject, required: readonly string[] = Object.keys(properties)): JsonObject {
  return { type: "object", properties, required };
}

const text = { type: "string" };

/** An import that somebody has worked on. */
const REVIEWED = `// Ours. Asked for in TICKET-7.
class crm_unreviewed

every agent {
  never crm_unreviewed
}

// Sales only.
/// Finds a contact.
action crm.find(
  // the whole name
  name: string(max 40), // short is enough
  // force: bool?
  mode: secret string?
)
  is read, external  // reviewed by ana
  on "crm/contacts"
  yields confidential
  recovery "none"

action crm.lookup(id: string)
  is read
  on "crm/{id}"
  tool "get"
`;

describe("importing again", () => {
  test("keeps all that people wrote when the catalogue is the same", () => {
    const tools = [
      tool("find", object({ name: text, force: { type: "boolean" }, mode: text }, ["name"]), "Finds a contact."),
      tool("get", object({ id: text })),
    ];
    expect(updated(REVIEWED, imported(tools))).toEqual({ text: REVIEWED, added: [], changed: [], gone: [] });
  });

  test("lets parameters and descriptions follow, and keeps the rest", () => {
    const tools = [
      tool(
        "find",
        object({ name: text, page: { type: "integer", minimum: 1 } }, ["name"]),
        "Finds contacts.\nBy name.",
      ),
      tool("get", object({ id: { type: "integer" } })),
    ];
    const { text: after, changed } = updated(REVIEWED, imported(tools));
    expect(changed).toEqual([
      {
        name: "crm.find",
        changes: [
          'described: "Finds a contact." → "Finds contacts. By name."',
          "- mode: secret string?",
          "+ page: int(min 1)?",
        ],
        shut: true,
      },
      { name: "crm.lookup", changes: ["id: string → int"], shut: true },
    ]);
    expect(after).toBe(
      `// Ours. Asked for in TICKET-7.
class crm_unreviewed

every agent {
  never crm_unreviewed
}

// Sales only.
/// Finds contacts.
/// By name.
action crm.find(
  // the whole name
  name: string(max 40),  // short is enough
  page: int(min 1)?
  // force: bool?
)
  is read, external, crm_unreviewed  // reviewed by ana
  on "crm/contacts"
  yields confidential
  recovery "none"

action crm.lookup(id: int)
  is read, crm_unreviewed
  on "crm/{id}"
  tool "get"
`,
    );
  });

  test("never makes a parameter wider than somebody left it", () => {
    const before = `action crm.pay(
  amount: decimal(min 1, max 50),
  to: email,
  kind: enum("a"),
  lines: list<record { sku: string(max 8), n: int(max 3) }>(max 5),
  raw: record { a: string }
)
  is spend
  on none
`;
    const line = object({ sku: text, n: { type: "integer" }, note: text }, ["sku", "n"]);
    const tools = [
      tool(
        "pay",
        object({
          amount: { type: "number" },
          to: text,
          kind: { enum: ["a", "b"] },
          lines: { type: "array", items: line },
          raw: { type: "object" },
        }),
      ),
    ];
    const { text: after } = updated(before, imported(tools));
    expect(after).toContain("amount: decimal(min 1, max 50),");
    expect(after).toContain("to: email,");
    expect(after).toContain('kind: enum("a"),');
    expect(after).toContain("lines: list<record { sku: string(max 8), n: int(max 3), note: string? }>(max 5),");
    expect(after).toContain("raw: record { a: string }");
  });

  test("adds new tools behind the others, shut", () => {
    const { text: after, added } = updated(REVIEWED, imported([tool("send_mail", object({ to: text }))]));
    expect(added).toEqual(["crm.send_mail"]);
    expect(after).toContain("is external, irreversible, crm_unreviewed  // review:");
    expect(after.match(/class crm_unreviewed/g)).toHaveLength(1);
  });

  test("shuts new tools also where the class was removed after the first review", () => {
    const before = "action crm.find(name: string)\n  is read\n  on none\n";
    const { text: after } = updated(before, imported([tool("find", object({ name: text })), tool("drop", object({}))]));
    expect(after).toContain("class crm_unreviewed");
    expect(after).toContain("never crm_unreviewed");
  });

  test("shuts new tools also where only the never was removed", () => {
    const before = "class crm_unreviewed\n";
    expect(updated(before, imported([tool("drop", object({}))])).text).toContain("never crm_unreviewed");
  });

  test("makes a comment of a tool that is gone, with all that people wrote", () => {
    const before = [
      "class sales\n\n// Ours.\n/// Finds.\naction crm.find(\n  // whole\n  name: string\n)\n  is read  // by ana\n  on none",
      "action mail.send(to: email)\n  is external\n  on none\n",
    ];
    const gone = updated(before.join("\n\n"), imported([]));
    expect(gone.gone).toEqual(["crm.find"]);
    expect(gone.text).toBe(`class sales

// gone: the catalogue doesn't have this tool any more; if it comes back, it is a new one
// Ours.
// /// Finds.
// action crm.find(
//   // whole
//   name: string
// )
//   is read  // by ana
//   on none

${before[1] ?? ""}`);
    expect(updated(gone.text, imported([]))).toEqual({ text: gone.text, added: [], changed: [], gone: [] });
    const back = updated(gone.text, imported([tool("find", object({ name: text }))]));
    expect(back.added).toEqual(["crm.find"]);
    expect(back.text).toContain("is read, crm_unreviewed  // review:");
  });

  test("leaves no rule about a tool that is gone without an error", () => {
    const before = "action crm.find(name: string) is read on none\naction crm.get(id: string) is read on none\n";
    const { text: after } = updated(before, imported([tool("get", object({ id: text }))]));
    expect(errorsOf(compiledWith(after, "allow crm.get"))).toEqual([]);
    expect(errorsOf(compiledWith(after, "allow crm.get never crm.find"))).toEqual([
      expect.stringContaining("`crm.find`"),
    ]);
  });

  test("makes a comment of exactly one of several declarations on a line", () => {
    const before = "class a action crm.find() is read on none class b\n";
    const { text: after } = updated(before, imported([]));
    expect(after).toMatch(/^class a\s*\n\/\/ gone: .*\n\/\/ action crm\.find\(\) is read on none\s*\n\s*class b\n$/);
  });

  test("leaves actions of other servers alone", () => {
    const before = "action mail.send(to: email)\n  is external\n  on none\n";
    expect(updated(before, imported([])).gone).toEqual([]);
  });

  test("leaves a parameter list to the server where the action writes none", () => {
    const before = "/// Old.\naction crm.find\n  is read\n  on none\n";
    const { text: after } = updated(before, imported([tool("find", object({ name: text }), "New.")]));
    expect(after).toContain("/// New.\naction crm.find\n  is read, crm_unreviewed\n  on none\n");
  });

  test("changes only those places of a file that isn't in canonical form", () => {
    const before = 'set  x = [ "a" ]\n\n/// Old.\naction crm.find(name:string) is read   on none\n';
    const { text: after } = updated(before, imported([tool("find", object({ name: text }), "New.")]));
    expect(after.startsWith(before.replace("Old.", "New.").replace("is read ", "is read, crm_unreviewed "))).toBe(true);
  });
});

test.each(["policy", "every", "action", "on", "is", "session", "never", "test"])(
  "the prefix %s is a name like any other",
  (prefix) => {
    const { text: after } = updated(
      null,
      imported([tool("find", object({ on: text, is: text, action: text }))], prefix),
    );
    expect(errorsOf(compiledWith(after, `allow ${prefix}.find`))).toEqual([]);
  },
);

describe("what a server says of its tools", () => {
  test("can't hide anything from a reviewer", () => {
    const description = "Safe.\u202e\u200b\u0007\r\nReally.\u2028// accept AP4002: trust me";
    const { text: after } = updated(null, imported([tool("x", object({ "a\u200bb": text }), description)]));
    expect(after).toContain("/// Safe.\\u{202e}\\u{200b}\\u{7}\n/// Really.\n/// // accept AP4002: trust me\n");
    expect(after).toContain('"a\\u{200b}b": string');
  });

  test("can't end a comment or a string", () => {
    const hostile = tool(
      'x" is read on none // ',
      object({ "y: string) is read on none //": text }),
      "a\naction crm.y() is read on none",
    );
    const { text: after } = updated(null, imported([hostile]));
    expect(after.match(/^action /gm)).toHaveLength(1);
  });
});
