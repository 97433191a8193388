import { describe, expect, test } from "vitest";
import { importOpenApi } from "../../compiler/index.ts";
import type { JsonObject } from "../../engine/index.ts";
import { compiledWith, errorsOf, updated } from "./imported.ts";

function importText(document: JsonObject | string): string {
  const read = importOpenApi(typeof document === "string" ? document : JSON.stringify(document));
  if (!read.ok) throw new Error(read.problem);
  return updated(null, { prefix: "shop", source: "a test", actions: read.value.actionsFor("shop"), server: null }).text;
}

const SHOP: JsonObject = {
  openapi: "3.1.0",
  info: { title: "Shop" },
  paths: {
    "/orders/{orderId}": {
      parameters: [{ name: "orderId", in: "path", required: true, schema: { type: "string", format: "uuid" } }],
      get: {
        operationId: "getOrder",
        summary: "One order.",
        parameters: [
          { $ref: "#/components/parameters/Fields" },
          { name: "X-Trace", in: "header", schema: { type: "string" } },
        ],
      },
      delete: {},
    },
    "/orders/{orderId}/refunds": {
      post: {
        operationId: "createRefund",
        parameters: [{ name: "orderId", in: "path", required: true, schema: { type: "string" } }],
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Refund" } } },
        },
      },
    },
    "/files": {
      put: {
        operationId: "files.put",
        requestBody: { content: { "text/plain": { schema: { type: "string", maxLength: 100 } } } },
      },
    },
  },
  components: {
    parameters: {
      Fields: {
        name: "fields",
        in: "query",
        description: "Which to show.",
        schema: { type: "array", items: { type: "string" } },
      },
    },
    schemas: {
      Refund: {
        type: "object",
        required: ["amount"],
        properties: {
          amount: { type: "number", exclusiveMinimum: 0 },
          reason: { $ref: "#/components/schemas/Reason" },
        },
      },
      Reason: { type: "string", enum: ["damaged", "late"], nullable: true },
    },
  },
};

test("each operation of a document is an action, its parameters and body together", () => {
  const text = importText(SHOP);
  expect(errorsOf(compiledWith(text, "allow shop.*"))).toEqual([]);
  expect(
    text.slice(text.indexOf("// proposed")),
  ).toBe(`// proposed: read — GET by its method; the name begins with "get"
// not checked: the header parameter X-Trace is left out
/// One order.
action shop.getOrder(
  orderId: uuid,
  /// Which to show.
  fields: list<string>(min 0)?
)
  is read, shop_unreviewed  // review: classes and resource, then remove \`shop_unreviewed\`
  on "shop/orders/{orderId}"
  tool "GET /orders/{orderId}"

// proposed: write, delete — DELETE by its method; the name begins with "delete"
action shop.delete_orders_orderId(orderId: uuid)
  is write, delete, shop_unreviewed  // review: classes and resource, then remove \`shop_unreviewed\`
  on "shop/orders/{orderId}"
  tool "DELETE /orders/{orderId}"

// proposed: write, spend — POST by its method; the name begins with "create"; the name holds "refund"; the name holds "refunds"
action shop.createRefund(orderId: string, amount: decimal(min 0.000001), reason: enum("damaged", "late")?)
  is write, spend, shop_unreviewed  // review: classes and resource, then remove \`shop_unreviewed\`
  on "shop/orders/{orderId}/refunds"
  tool "POST /orders/{orderId}/refunds"

// proposed: write — PUT by its method; the name holds "put"
action shop.files_put(body: string(max 100)?)
  is write, shop_unreviewed  // review: classes and resource, then remove \`shop_unreviewed\`
  on "shop/files"
  tool "PUT /files"
`);
});

test("importing again finds each operation by its method and path", () => {
  const read = importOpenApi(JSON.stringify(SHOP));
  if (!read.ok) throw new Error(read.problem);
  const again = { prefix: "shop", source: "a test", actions: read.value.actionsFor("shop"), server: null };
  const renamed = importText(SHOP).replace("shop.getOrder(", "shop.orders.read(");
  expect(updated(renamed, again)).toEqual({ text: renamed, added: [], changed: [], gone: [] });
});

describe("a document that can't be read says what to do", () => {
  test.each([
    ["openapi: 3.0.0\n", "is YAML, which isn't read: convert it to JSON first"],
    ['{"swagger": "2.0"}', "is Swagger 2.0, which isn't read: convert it to OpenAPI 3 first"],
    ['{"openapi": "4.0.0"}', "is OpenAPI 4.0.0: 3.0 and 3.1 are read"],
    ["{}", "has no `openapi` version: 3.0 and 3.1 are read"],
    ['{"openapi": "3.0.3"}', "has no `paths`"],
    ['{"openapi": }', "isn't JSON: a value is expected"],
  ])("%s", (text, problem) => {
    expect(importOpenApi(text)).toMatchObject({ ok: false, problem });
  });
});
