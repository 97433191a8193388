/** AP4009: a declaration that nothing refers to is forgotten work, or a rule that was never written. */
import type { Span } from "../../dsl/index.ts";
import type { Declared, NameKind } from "../collect/names.ts";
import type { CheckContext } from "./check.ts";

const LOOKED_FOR = [
  "role",
  "approval",
  "group",
  "label",
  "set",
  "live set",
  "schedule",
  "channel",
  "class",
  "define",
] as const;

const HELP: { readonly [kind in NameKind]?: string } = {
  role: "give it to an agent with `roles`, or remove it",
  approval: "ask for it with `ask … via`, or remove it",
  group: "name it where people are meant, or remove it",
  label: "let an action yield it, or remove it",
  channel: "tell it something with `notify … to`, or remove it",
  class: "give it to an action with `is`, or remove it",
};

export function checkUnused({ names, used, report }: CheckContext): void {
  for (const kind of LOOKED_FOR) {
    // Without an agent no role can have one, and that is the message.
    if (kind === "role" && names.by.agent.size === 0) continue;
    for (const [name, declared] of names.by[kind] as ReadonlyMap<string, Declared[typeof kind]>) {
      if (used.has(`${kind} ${name}`)) continue;
      report.warning("AP4009", {
        span: spanOf(declared),
        message: `${kind} \`${name}\` is never used`,
        label: "nothing refers to it",
        help: HELP[kind] ?? "use it in a condition, or remove it",
      });
    }
  }
}

function spanOf(declared: Declared[(typeof LOOKED_FOR)[number]]): Span {
  return "name" in declared ? declared.name.span : declared.span;
}
