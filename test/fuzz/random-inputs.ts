/** Texts that nobody wrote: bytes, tokens, policies with damage, and sentences of the grammar. */
import { readdirSync, readFileSync } from "node:fs";
import { grammarText } from "./grammar-text.ts";
import type { Random } from "./random.ts";

export type MakeText = (random: Random) => string;

const corpus = new URL("../corpus/", import.meta.url);

/** Every policy of the corpus, right and wrong ones. */
const policies = readdirSync(corpus, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".agentpolicy"))
  .toSorted()
  .map((name) => readFileSync(new URL(name, corpus), "utf8"));

const words = [
  ...new Set(policies.flatMap((text) => text.match(/"[^"\n]*"|[A-Za-z_][\w.-]*\*?|\d[\w.:-]*|[^\s\w]/g) ?? [])),
];
const signs = [
  "\n",
  "\r\n",
  " ",
  "\t",
  '"',
  "'",
  "`",
  "(",
  ")",
  "{",
  "}",
  "[",
  "]",
  "//",
  "///",
  "/*",
  "*/",
  "\\",
  "\0",
  "ж",
  "😀",
  "\u202e",
  "=>",
  "#",
];

const decoder = new TextDecoder();

function bytes(random: Random): string {
  return decoder.decode(Uint8Array.from({ length: random.below(2_000) }, () => random.below(256)));
}

function tokens(random: Random): string {
  const pick = (): string => (random.once(6) ? random.pick(signs) : random.pick(words));
  return Array.from({ length: random.below(400) }, () => pick() + (random.once(4) ? "\n" : " ")).join("");
}

/** A policy with parts cut, doubled, moved, or replaced by those of another. */
function mutated(random: Random): string {
  let text = random.pick(policies);
  for (let left = 1 + random.below(6); left > 0; left--) {
    const [at, length] = [random.below(text.length + 1), random.below(random.once(5) ? 400 : 12)];
    const piece = text.slice(at, at + length);
    const other = random.pick(policies);
    const from = random.below(other.length + 1);
    const put = random.pick([
      "",
      piece + piece,
      random.pick(signs),
      random.pick(words),
      other.slice(from, from + random.below(80)),
    ]);
    text = text.slice(0, at) + put + text.slice(at + length);
  }
  return text;
}

export const randomInputs: Readonly<Record<string, MakeText>> = {
  bytes,
  tokens,
  mutated,
  grammar: (random) => grammarText(random),
};
