/**
 * The matrix page in a real Chromium. Debian's package is used (`apt-get install chromium`); `.ci/run` installs it, and
 * elsewhere these cases are left out where it is missing.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile, matrix, matrixHtml } from "../../compiler/index.ts";

const CHROMIUM = "/usr/bin/chromium";
const here = existsSync(CHROMIUM) || process.env["CI"] !== undefined;

function page04(): string {
  const file = join(resolve(import.meta.dirname, "../.."), "examples/04-coding-agent/coding.agentpolicy");
  const { table } = compile([{ name: "coding.agentpolicy", text: readFileSync(file, "utf8") }]);
  if (table === null) throw new Error("the example doesn't compile");
  return matrixHtml(matrix(table));
}

describe.runIf(here)("the matrix page in Chromium", () => {
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on("request", (request) => requests.push(request.url()));
    await page.setContent(page04());
  });
  afterAll(() => browser.close());

  test("every action is a row, and the first column stays in view", async () => {
    expect(await page.getByRole("rowheader", { name: "deploy.start" }).isVisible()).toBe(true);
    expect(await page.getByRole("rowheader").count()).toBeGreaterThan(5);
  });

  test("a cell opens by keyboard, tells its rules, and closes again", async () => {
    const cell = page.locator("button[popovertarget]").first();
    await cell.focus();
    await page.keyboard.press("Enter");
    const card = page.locator("[popover]:popover-open");
    expect(await card.innerText()).toMatch(/allow|ask|never|notify/);
    await page.keyboard.press("Escape");
    expect(await card.count()).toBe(0);
  });

  test("on a phone the page itself doesn't scroll sideways", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const [content, screen] = await page.evaluate<[number, number]>("[document.body.scrollWidth, window.innerWidth]");
    expect(content).toBeLessThanOrEqual(screen);
  });

  test("it loads nothing", () => {
    expect(requests.filter((url) => !url.startsWith("data:") && url !== "about:blank")).toEqual([]);
  });
});
