/** A rule without its tier and actions: when it applies, whom it asks and tells. */
import { parse } from "../../../dsl/index.ts";
import type { Rule } from "../../../engine/index.ts";

/** `on "crm/c-*", when args.amount <= 50, via lead_review`; empty for a rule that always applies and asks nobody. */
export function ruleWords(rule: Pick<Rule, "text" | "via" | "to" | "until">): string {
  return [
    ...conditionsOf(rule.text),
    ...(rule.via.length === 0 ? [] : [`via ${rule.via.join(" and ")}`]),
    ...(rule.to.length === 0 ? [] : [`told to ${rule.to.join(", ")}`]),
    ...(rule.until === null
      ? []
      : [`until ${new Date(rule.until).toISOString().replace(/T00:00:00.000Z$|\.000Z$/, "")}`]),
  ].join(", ");
}

/** `on …` and `when …` as they are written, each on one line. A text that can't be read is shown whole. */
export function conditionsOf(text: string): readonly string[] {
  const source = `role r {\n${text}\n}\n`;
  const [role] = parse({ name: "rule", text: source }).file.declarations;
  const [item] = role?.kind === "Role" ? role.items : [];
  if (item?.kind !== "Rule") return [text];
  const { on, onExcept, guard } = item;
  const patterns = (names: readonly { readonly span: Span }[]): string =>
    names.map(({ span }) => cut(source, span)).join(", ");
  const except = onExcept.length === 0 ? "" : ` except ${patterns(onExcept)}`;
  return [
    ...(on === null ? [] : [`on ${patterns(on)}${except}`]),
    ...(guard === null ? [] : [cut(source, guard.span)]),
  ];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function cut(source: string, { start, end }: Span): string {
  return source.slice(start, end).replace(/\s*\n\s*/g, " ");
}
