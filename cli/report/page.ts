/** The pages of findings, as they stand in the package. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../version.ts";

const FOLDER = "docs/diagnostics";

/** Codes that have a page, in order. */
export function pageCodes(): readonly string[] {
  return readdirSync(join(packageRoot(), FOLDER))
    .flatMap((name) => /^(AP\d{4})\.md$/.exec(name)?.[1] ?? [])
    .toSorted();
}

/** The page's Markdown; null where there is none. */
export function readPage(code: string): string | null {
  if (!pageCodes().includes(code)) return null;
  return readFileSync(join(packageRoot(), FOLDER, `${code}.md`), "utf8");
}

/** What stands behind the code in the page's first line. */
export function pageTitle(markdown: string): string {
  return /^# AP\d{4}: (.+)$/m.exec(markdown)?.[1] ?? "";
}

/** Where a page stands, from the package's folder. */
export function pagePath(code: string): string {
  return `${FOLDER}/${code}.md`;
}
