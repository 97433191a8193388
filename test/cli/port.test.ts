import { execFileSync } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freePort } from "../../cli/local/port.ts";
import { ROOT } from "./run-command.ts";

/** Where Linux begins to give ports to whoever connects or asks for any; others begin later. */
const SYSTEMS = 32_768;

test("a port that is chosen is given to nobody before it is listened on: not by the system, nor by the next choice", async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
  expect(ports.filter((port) => port >= SYSTEMS)).toEqual([]);
  expect(new Set(ports).size).toBe(ports.length);
});

test("one that somebody listens on is passed over", async () => {
  const next = (await freePort()) + 1;
  const server = createServer().listen(next, "127.0.0.1");
  // Where it can't, somebody else does.
  await new Promise((resolve) => server.once("listening", resolve).once("error", resolve));
  expect(await freePort()).not.toBe(next);
  await new Promise((resolve) => server.close(resolve));
});

test("processes that start together choose different ones", () => {
  const script = `const { freePort } = await import(${JSON.stringify(join(ROOT, "cli/local/port.ts"))}); console.log(await freePort());`;
  const choose = () => Number(execFileSync(process.execPath, ["--input-type=module", "--eval", script]));
  const ports = [choose(), choose(), choose()];
  expect(new Set(ports).size).toBe(3);
});
