import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, print } from "../../dsl/index.ts";
import { checkArgs, decide, type JsonObject, match, prepare, type State } from "../../engine/index.ts";
import { instanceOf } from "./instance-of.ts";
import { compiledWith, errorsOf, imported, realCatalogues, updated } from "./imported.ts";
import { inputSchema } from "./random-schema.ts";
import { tool } from "./imported.ts";

/** How often each property is tried for one tool, and over all; a long run sets IMPORT_RUNS. */
const runs = Number(process.env["IMPORT_RUNS"] ?? 8);

const catalogues = realCatalogues();

const EMPTY_SESSION: State = {
  now: 0,
  opened_at: 0,
  calls: 0,
  labels: new Set(),
  roles: new Set(),
  did: () => false,
  live: () => null,
  used: () => null,
  approved: () => false,
};

test("all 608 tools of the 11 servers are read", () => {
  expect(catalogues.map(({ server, tools }) => `${server} ${tools.length}`)).toMatchInlineSnapshot(`
    [
      "github-mcp-server 117",
      "mcp-filesystem 14",
      "mcp-memory 9",
      "mcp-sequentialthinking 1",
      "mcp-everything 18",
      "mcp-git 12",
      "mcp-fetch 1",
      "mcp-time 2",
      "playwright-mcp 69",
      "stripe-agent-toolkit 22",
      "azure-mcp-server 343",
    ]
  `);
  expect(catalogues.flatMap(({ tools }) => [...tools])).toHaveLength(608);
});

describe.each(catalogues.map((catalogue) => [catalogue.server ?? "", catalogue.tools] as const))(
  "%s",
  (server, tools) => {
    const { text, added } = updated(null, imported(tools, server));
    const compilation = compiledWith(text, `allow *\n  allow ${server}.*\n`);
    const actions = new Map((compilation.table?.body.actions ?? []).map((action) => [action.name, action]));

    test("has an action for each tool, in canonical form", () => {
      expect(added).toHaveLength(tools.length);
      const { file, diagnostics } = parse({ name: "imported", text });
      expect(diagnostics).toEqual([]);
      expect(print(file)).toBe(text);
      expect(file.declarations.filter(({ kind }) => kind === "Action")).toHaveLength(tools.length);
    });

    test("compiles beside a small policy", () => {
      expect(errorsOf(compilation)).toEqual([]);
      expect([...actions.keys()].toSorted()).toEqual(tools.map(({ name }) => `${server}.${name}`).toSorted());
    });

    test("grants nothing, even to an agent that is allowed everything", () => {
      const { table } = compilation;
      if (table === null) throw new Error("no table");
      const policy = prepare(table);
      for (const action of actions.values()) {
        const [args] = fc.sample(
          instanceOf(tools.find(({ name }) => `${server}.${name}` === action.name)?.inputSchema, {}, 0),
          { numRuns: 1, seed: 1 },
        );
        const request = { agent: "bot", session: "s", environment: "production", action: action.name, at: 0 };
        const decision = decide(match(policy, { ...request, args: args as JsonObject }), EMPTY_SESSION);
        expect(decision).toMatchObject({ decision: "deny", tier: "never", reason: "rule" });
      }
    });

    test("takes every argument that the tool's schema admits", () => {
      for (const { name, inputSchema: schema } of tools) {
        const action = actions.get(`${server}.${name}`);
        if (action === undefined) throw new Error(name);
        const holds = fc.property(instanceOf(schema, schema), (args) => {
          expect(checkArgs(action, args as JsonObject)).toEqual([]);
        });
        fc.assert(holds, { numRuns: runs, seed: 7 });
      }
    });

    test("changes nothing when it is imported again", () => {
      expect(updated(text, imported(tools, server))).toEqual({ text, added: [], changed: [], gone: [] });
    });
  },
);

test("whatever a schema holds, its tool imports, compiles and takes what the schema admits", () => {
  const holds = fc.property(
    inputSchema.chain((schema) =>
      fc.tuple(fc.constant(schema), fc.array(instanceOf(schema, schema), { minLength: 1, maxLength: 4 })),
    ),
    ([schema, instances]) => {
      const { text } = updated(null, imported([tool("any tool", schema)]));
      expect(print(parse({ name: "again", text }).file)).toBe(text);
      const compilation = compiledWith(text, "allow crm.*");
      expect(errorsOf(compilation)).toEqual([]);
      const action = compilation.table?.body.actions.find(({ name }) => name === "crm.any tool");
      if (action === undefined) throw new Error("no action");
      for (const args of instances) expect(checkArgs(action, args as JsonObject)).toEqual([]);
    },
  );
  fc.assert(holds, { numRuns: runs * 20, seed: 11 });
});
