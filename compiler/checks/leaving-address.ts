/** AP4008: an action that takes an address of the outside but isn't `external` escapes the rules for what leaves. */
import type { Action, ParamType } from "../../engine/index.ts";
import type { CheckContext } from "./check.ts";
import { holderOf, witness } from "./witness.ts";

export function checkLeavingAddress(context: CheckContext): void {
  const { program, names, report } = context;
  for (const { row: action } of program.actions) {
    if (action.classes.some((entry) => entry.name === "external")) continue;
    const param = action.params.find((candidate) => isAddress(candidate.type));
    const node = names.by.action.get(action.name)?.params?.find((candidate) => candidate.name.value === param?.name);
    if (!param || !node) continue;
    report.warning("AP4008", {
      span: node.name.span,
      message: `\`${action.name}\` takes ${articleOf(param.type)} but isn't \`external\``,
      label: "may lead outside",
      help: "add `external` to its classes if anything leaves, else write `// accept AP4008: reason` above",
      witness: leaving(context, action),
    });
  }
}

/** A request that goes through at once. */
function leaving(context: CheckContext, action: Action): string | null {
  const block = context.program.blocks.find(({ rules }) =>
    rules.some((rule) => rule.tier === "allow" && !rule.trial && rule.actions.includes(action)),
  );
  const agent = block === undefined ? null : holderOf(context.program, block);
  return agent === null ? null : witness(context, { agent, action: action.name, where: null, fate: "allow" });
}

function isAddress(type: ParamType): boolean {
  if (type.kind === "list") return isAddress(type.of);
  return type.kind === "url" || type.kind === "host" || type.kind === "email";
}

function articleOf(type: ParamType): string {
  const kind = type.kind === "list" ? type.of.kind : type.kind;
  return kind === "email" ? "an `email`" : `a \`${kind}\``;
}
