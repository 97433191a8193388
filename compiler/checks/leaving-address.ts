/** AP4008: an action that takes an address of the outside but isn't `external` escapes the rules for what leaves. */
import type { ParamType } from "../../engine/index.ts";
import type { CheckContext } from "./check.ts";

export function checkLeavingAddress({ program, names, report }: CheckContext): void {
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
    });
  }
}

function isAddress(type: ParamType): boolean {
  if (type.kind === "list") return isAddress(type.of);
  return type.kind === "url" || type.kind === "host" || type.kind === "email";
}

function articleOf(type: ParamType): string {
  const kind = type.kind === "list" ? type.of.kind : type.kind;
  return kind === "email" ? "an `email`" : `a \`${kind}\``;
}
