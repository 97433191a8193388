import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { bundleWorker } from "../../cli/local/bundle-worker.ts";

/** Bytes, compressed as an upload is. */
const LARGEST = 150 * 1024;

test("the Worker holds no parser and no compiler", async () => {
  const { code, inputs } = await bundleWorker();
  expect(inputs).toContain("edge/worker.ts");
  const foreign = inputs.filter((path) =>
    /^(dsl|compiler|cli|test|examples)\/|node_modules\/(chevrotain|@chevrotain)/.test(path),
  );
  expect(foreign).toEqual([]);
  expect(code).not.toMatch(/chevrotain/i);
});

test("the Worker imports nothing at run time but the platform and the table", async () => {
  const { code } = await bundleWorker();
  const imports = new Set([...code.matchAll(/(?:^|;)\s*import\b[^"']*["']([^"']+)["']/gm)].map((found) => found[1]));
  expect([...imports].filter((name) => !/^(node:crypto|cloudflare:workers|\.\/table\.txt)$/.test(name ?? ""))).toEqual(
    [],
  );
});

test("the Worker stays small", async () => {
  const { code } = await bundleWorker();
  const size = gzipSync(code).length;
  console.log(
    `the Worker's bundle: ${(code.length / 1024).toFixed(0)} KiB, ${(size / 1024).toFixed(0)} KiB compressed`,
  );
  expect(size).toBeLessThan(LARGEST);
});
