import { compile, type Compilation } from "../../compiler/index.ts";
import { TOOL_FILES } from "../harness/tool-files.ts";
import { completedPolicy } from "./completed-policy.ts";

/** A policy in a page of the documentation. */
export interface PolicyBlock {
  /** The heading above it. */
  readonly heading: string;
  /** Words after `agentpolicy`: `raw` is compiled as it stands, `file=NAME` names the file, `today=DATE` the day. */
  readonly words: readonly string[];
  readonly text: string;
}

export function policyBlocks(markdown: string): readonly PolicyBlock[] {
  const blocks: PolicyBlock[] = [];
  let heading = "";
  for (const match of markdown.matchAll(/^#+ (.+)$|^```agentpolicy(.*)\n([^]*?)^```$/gm)) {
    if (match[1] !== undefined) heading = match[1];
    else blocks.push({ heading, words: (match[2] ?? "").split(" ").filter(Boolean), text: match[3] ?? "" });
  }
  return blocks;
}

/** Compiles a block, completed to a whole policy unless it is `raw`. */
export function compileBlock(block: PolicyBlock): Compilation {
  const name = setting(block, "file") ?? "page.agentpolicy";
  const day = setting(block, "today");
  const today = { files: TOOL_FILES, ...(day === null ? {} : { today: Date.parse(day) }) };
  if (block.words.includes("raw")) return compile([{ name, text: block.text }], today);
  if (name === "page.agentpolicy") return compile([{ name, text: completedPolicy(block.text) }], today);
  const files = [
    { name, text: block.text },
    { name: "policy.agentpolicy", text: completedPolicy("") },
  ];
  return compile(files, today);
}

function setting(block: PolicyBlock, key: string): string | null {
  const word = block.words.find((one) => one.startsWith(`${key}=`));
  return word === undefined ? null : word.slice(key.length + 1);
}

export function findings(compilation: Compilation): readonly string[] {
  return compilation.diagnostics.map((one) => `${one.code} ${one.level}: ${one.message}`);
}
