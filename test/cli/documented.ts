/** Code that a page shows, taken out of it to be run. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folderWith, ROOT, run } from "./run-command.ts";
import type { Folder, Ran } from "./run-command.ts";

/** The text of every fenced block of this language, in order. */
export function codeBlocks(page: string, language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    (found) => found[1] ?? "",
  );
}

/** A folder with these programs, to which `agentpolicy` is installed. */
export function projectWith(programs: Readonly<Record<string, string>>): Folder {
  const folder = folderWith({ ...programs, "package.json": '{ "type": "module" }' });
  mkdirSync(join(folder.path, "node_modules/@types"), { recursive: true });
  symlinkSync(ROOT, join(folder.path, "node_modules/agentpolicy"));
  symlinkSync(join(ROOT, "node_modules/@types/node"), join(folder.path, "node_modules/@types/node"));
  return folder;
}

/** As strictly as TypeScript can. */
export function typeCheck(folder: Folder): Promise<Ran> {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    module: "nodenext",
    target: "esnext",
    types: ["node"],
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    customConditions: ["agentpolicy-source"],
  };
  writeFileSync(join(folder.path, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["**/*.ts"] }));
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  return run(process.execPath, [tsc, "-p", "tsconfig.json"], { cwd: folder.path });
}
