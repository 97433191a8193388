/**
 * Rules and limits in the words of a policy, where a record has their ids. An id is a hash of the text and its block, so
 * that a later policy says the same under it, or doesn't have it.
 */
import type { Detail, Step } from "./session-steps.ts";

export function nameRules(steps: readonly Step[], texts: ReadonlyMap<string, string>): readonly Step[] {
  return steps.map((step) => ({ ...step, details: step.details.flatMap((one) => named(one, texts)) }));
}

function named({ name, text }: Detail, texts: ReadonlyMap<string, string>): readonly Detail[] {
  if (name === "rules") return text.split(", ").map((id) => ({ name: "by", text: texts.get(id) ?? id }));
  if (name !== "limit" && name !== "on trial") return [{ name, text }];
  return [{ name, text: text.replace(/\b[lr]_[0-9a-f]{12}\b/, (id) => inBackticks(texts.get(id)) ?? id) }];
}

function inBackticks(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `\`${text}\``;
}
