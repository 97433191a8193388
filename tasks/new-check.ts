/**
 * `npm run new:check NAME`: writes a check, its page and its case in the corpus, and registers them. What is left to do
 * says TODO, and the tests fail until it is done.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkText, corpusText, pageText } from "./check-templates.ts";

const root = join(import.meta.dirname, "..");
const FIRST = 4100;

main(process.argv.slice(2));

function main([name, ...rest]: readonly string[]): void {
  if (name === undefined || rest.length > 0 || !/^[a-z]+(-[a-z]+)*$/.test(name)) {
    fail("name the check in kebab-case, after what is wrong: `npm run new:check loud-agent`");
  }
  const code = nextCode();
  const files = {
    [`compiler/checks/${name}.ts`]: checkText(name, code),
    [`docs/diagnostics/${code}.md`]: pageText(code),
    [`test/corpus/diagnostics/${name}.agentpolicy`]: corpusText(name),
  };
  const there = Object.keys(files).filter((file) => existsSync(join(root, file)));
  if (there.length > 0) fail(`\`${there.join("`, `")}\` exists already, and nothing was written`);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text);
  edit("compiler/checks/index.ts", (text) => registered(text, name));
  edit("docs/diagnostics/README.md", (text) => listed(text, code));
  edit("compiler/owasp/served-risks.ts", (text) => serving(text, code));
  process.stdout.write(whatIsLeft(name, code, Object.keys(files)));
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/** The first code of the design findings that no page has. */
function nextCode(): string {
  const taken = new Set(readdirSync(join(root, "docs/diagnostics")).map((file) => file.replace(".md", "")));
  for (let number = FIRST; ; number += 1) if (!taken.has(`AP${number}`)) return `AP${number}`;
}

function edit(file: string, change: (text: string) => string): void {
  const path = join(root, file);
  const text = readFileSync(path, "utf8");
  const changed = change(text);
  if (changed === text) fail(`\`${file}\` has another shape than this script knows: register the check there by hand`);
  writeFileSync(path, changed);
}

/** The import in the order of the files, the check last in the list. */
function registered(text: string, name: string): string {
  const line = `import { ${functionName(name)} } from "./${name}.ts";`;
  const imports = text.split("\n").filter((one) => one.startsWith("import ") && one.includes('"./'));
  const after = imports.findLast((one) => fileOf(one) < fileOf(line)) ?? imports[0] ?? "";
  return text.replace(after, `${after}\n${line}`).replace(/\n\];\n$/, `\n  ${functionName(name)},\n];\n`);
}

function fileOf(line: string): string {
  return /"(\.\/[^"]+)"/.exec(line)?.[1] ?? "";
}

function functionName(name: string): string {
  return `check${name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`;
}

function listed(text: string, code: string): string {
  const last = [...text.matchAll(/^- \[AP4\d{3}\].*\n/gm)].at(-1)?.[0] ?? "";
  return text.replace(last, `${last}- [${code}](${code}.md): TODO what is wrong, in a few words\n`);
}

function serving(text: string, code: string): string {
  const last = [...text.matchAll(/^ {2}AP4\d{3}: .*\n/gm)].at(-1)?.[0] ?? "";
  return text.replace(last, `${last}  ${code}: [], // TODO\n`);
}

function whatIsLeft(name: string, code: string, files: readonly string[]): string {
  return `${code} ${name}: wrote
${files.map((file) => `  ${file}`).join("\n")}
and registered it in compiler/checks/index.ts, docs/diagnostics/README.md and compiler/owasp/served-risks.ts.

Write what says TODO there, then
  UPDATE_CORPUS=1 npx vitest run test/compiler/diagnostics.test.ts -t ${name}
and read test/corpus/diagnostics/${name}.txt as a user would.
`;
}
