/** Prints what happens at 80 columns, and remembers what came out differently from what it should. */
import { styleText } from "node:util";
import type { AuthorizeResponse } from "agentpolicy";
import type { DevEdge } from "./dev-edge.ts";

const WIDTH = 80;

export class Story {
  #chapter = 0;
  /** Rules as the policy writes them, by id: what an agent is not told, but the reader of this story is. */
  #rules: ReadonlyMap<string, string> = new Map();
  readonly #wrong: string[] = [];

  title(title: string, subtitle: string): void {
    console.log(`\n${styleText("bold", title)}\n${styleText("dim", subtitle)}`);
  }

  chapter(title: string): void {
    this.#chapter++;
    console.log(`\n${styleText("bold", `${this.#chapter}. ${title}`)}\n`);
  }

  say(text: string): void {
    console.log(`   ${text}`);
  }

  /** Rules from the table that `agentpolicy compile` prints. */
  learnRules(table: string): void {
    const { body } = JSON.parse(table) as { body: { blocks: { rules: { id: string; text: string }[] }[] } };
    this.#rules = new Map(body.blocks.flatMap((block) => block.rules.map(({ id, text }) => [id, text])));
  }

  /** Runs the command as a person would and shows what it prints. */
  async command(edge: DevEdge, args: readonly string[], exitCode: number, expected: RegExp): Promise<void> {
    console.log(`   ${styleText("dim", `$ agentpolicy ${args.map(quoted).join(" ")}`)}`);
    const { code, output } = await edge.command(args);
    const lines = output.trimEnd().split("\n");
    console.log(`${lines.map((line) => (line.length > WIDTH - 5 ? wrap(line, 5) : indent(line, 5))).join("\n")}\n`);
    if (code === exitCode && expected.test(output)) return;
    this.#wrong.push(
      `\`agentpolicy ${args.join(" ")}\` ended with ${code}, expected ${exitCode} and ${expected}:\n${output}`,
    );
  }

  fact(what: string, got: string, expected: string): void {
    const mark = got === expected ? styleText("green", "✓") : styleText("red", "✗");
    console.log(`   ${mark} ${what}: ${got}`);
    if (got !== expected) this.#wrong.push(`${what}: expected \`${expected}\`, got \`${got}\``);
  }

  answer(agent: string, action: string, args: object, answer: AuthorizeResponse, expected: string): void {
    const got = outcomeOf(answer);
    const mark = got === expected ? styleText("green", "✓") : styleText("red", "✗");
    console.log(`   ${mark} ${agent}  ${styleText("bold", action)}`);
    console.log(styleText("dim", wrap(JSON.stringify(args).replaceAll(',"', ', "'), 7)));
    console.log(wrap(`${coloured(answer)}: ${this.#why(answer)}`, 7));
    console.log();
    if (got !== expected)
      this.#wrong.push(`${agent} ${action}: expected \`${expected}\`, got \`${got}\`: ${answer.message}`);
  }

  /** An allow is told without reasons; the rule that gave it is named from the table. */
  #why(answer: AuthorizeResponse): string {
    const texts = answer.rules.map(({ id }) => this.#rules.get(id)).filter((text) => text !== undefined);
    if (answer.decision !== "allow" || texts.length === 0) return answer.message;
    return `${answer.message}, by ${texts.map((text) => `\`${text}\``).join(" and ")}`;
  }

  /** The exit code. */
  end(): number {
    if (this.#wrong.length === 0) {
      console.log(`\n${styleText("green", "Everything came out as the policy says.")}\n`);
      return 0;
    }
    console.error(`\n${styleText("red", "Not everything came out as the policy says:")}`);
    for (const one of this.#wrong) console.error(`- ${one}`);
    return 1;
  }
}

/** As a policy's test would write it. */
function outcomeOf(answer: AuthorizeResponse): string {
  if (answer.decision === "allow") return answer.tier ?? "allow";
  if (answer.decision === "ask") return "ask";
  return answer.reason === "rule" ? "never" : answer.reason;
}

function coloured({ decision, tier, reason }: AuthorizeResponse): string {
  const text = tier === "notify" ? "allow, notify" : decision === "deny" ? `deny (${reason})` : decision;
  return styleText(decision === "allow" ? "green" : decision === "ask" ? "yellow" : "red", text);
}

function quoted(arg: string): string {
  const text = arg.length > 40 ? `${arg.slice(0, 14)}…` : arg;
  return /\s/.test(text) ? JSON.stringify(text) : text;
}

function indent(text: string, by: number): string {
  return text.replaceAll(/^(?=.)/gm, " ".repeat(by));
}

function wrap(text: string, by: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && visible(line) + visible(word) + 1 > WIDTH - by) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return indent([...lines, line].join("\n"), by);
}

function visible(text: string): number {
  // oxlint-disable-next-line no-control-regex -- colours take no room
  return text.replaceAll(/\u001b\[\d+m/g, "").length;
}
