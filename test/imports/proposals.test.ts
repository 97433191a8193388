import { describe, expect, test } from "vitest";
import { importCatalogue } from "../../compiler/index.ts";
import { realCatalogues } from "./imported.ts";

const proposals = new Map(
  realCatalogues().flatMap((catalogue) =>
    importCatalogue(catalogue, catalogue.server ?? "").map(({ name, proposal }) => [name, proposal] as const),
  ),
);

/** Real tools whose classes a reviewer would write so. */
const CASES: readonly (readonly [tool: string, classes: string])[] = [
  ["get_commit", "read"],
  ["list_secret_scanning_alerts", "read"],
  ["read_text_file", "read"],
  ["git_diff_staged", "read"],
  ["fetch", "read, external"],
  ["create_pull_request", "write"],
  ["write_file", "write, delete"],
  ["delete_file", "write, delete"],
  ["create_refund", "write, spend, external"],
  ["send_invoice", "write, spend, external, irreversible"],
  ["browser_evaluate", "write, execute"],
  ["browser_navigate", "write, external"],
  ["keyvault_certificate_import", "write, delete, admin"],
];

describe("the classes proposed", () => {
  test.each(CASES)("for %s are %s", (name, classes) => {
    expect(proposals.get(name)?.classes.join(", ")).toBe(classes);
  });

  test("come with what speaks for them", () => {
    expect(proposals.get("get_commit")?.why).toBe('the name begins with "get"; readOnlyHint is true');
    expect(proposals.get("create_refund")?.why).toContain('the name ends with "refund"');
  });

  test("hold one that guards work by, for every tool", () => {
    const required = ["read", "write", "delete", "execute", "admin", "spend", "external"];
    for (const [name, { classes }] of proposals) {
      expect(
        classes.some((one) => required.includes(one)),
        name,
      ).toBe(true);
    }
  });

  test("never take a hint's word against a stricter name", () => {
    const tools = ["delete_all", "sendMail", "wire-transfer", "exec"].map((name) => {
      return { name, description: null, inputSchema: {}, hints: { readOnlyHint: true, destructiveHint: false } };
    });
    const classes = importCatalogue({ server: null, tools }, "x").map(({ proposal }) => proposal.classes.join(", "));
    expect(classes).toEqual(["write, delete", "external, irreversible", "write, spend", "execute"]);
  });
});
