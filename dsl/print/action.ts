/** Actions, their parameters and types, servers and defines. */
import type {
  ActionDeclaration,
  DefineDeclaration,
  Guard,
  Node,
  Parameter,
  ServerDeclaration,
  TypeNode,
  TypeSetting,
} from "../ast.ts";
import { assertNever } from "../assert-never.ts";
import { printExpression, printGuard } from "./expression.ts";
import { type Context, docRows, type Row, row, widest } from "./row.ts";
import { printName, printNames, printText, printTexts, quote } from "./word.ts";

export function actionRows(action: ActionDeclaration, context: Context): Row[] {
  const head = `action ${printName(action.name)}`;
  return [
    ...(action.params === null
      ? [row(head, action.name.span)]
      : parameterRows(head, action.params, action.open, "", action, context)),
    ...clauseRows(action),
  ];
}

function clauseRows({ classes, resources, yields, clears, recovery, tool, span }: ActionDeclaration): Row[] {
  const rows: Row[] = [];
  const clause = (word: string, items: readonly Node[], text: string): void => {
    const [first, last] = [items[0]?.span ?? span, items.at(-1)?.span ?? span];
    rows.push(row(`${word} ${text}`, { start: first.start, end: last.end }, 1));
  };
  if (classes.length > 0)
    clause(
      "is",
      classes,
      guarded(classes, ({ name }) => printName(name)),
    );
  if (resources !== null && "kind" in resources) clause("on", [resources], "none");
  else if (resources !== null)
    clause(
      "on",
      resources,
      guarded(resources, ({ template }) => printText(template)),
    );
  if (yields.length > 0)
    clause(
      "yields",
      yields,
      guarded(yields, ({ label }) => printName(label)),
    );
  if (clears.length > 0) clause("clears", clears, printNames(clears));
  if (recovery !== null) clause("recovery", [recovery], printText(recovery));
  if (tool !== null) clause("tool", [tool], printText(tool));
  return rows;
}

function guarded<T extends { readonly guard: Guard | null }>(items: readonly T[], text: (item: T) => string): string {
  return items.map((item) => text(item) + printGuard(item.guard)).join(", ");
}

export function defineRows(define: DefineDeclaration, context: Context): Row[] {
  const tail = ` = ${printExpression(define.body)}`;
  return parameterRows(`define ${printName(define.name)}`, define.params, false, tail, define, context);
}

export function serverRows(server: ServerDeclaration): Row[] {
  const head = `server ${printName(server.name)} ${printName(server.protocol)} ${printText(server.url)}`;
  return [row(`${head} tools ${printText(server.tools)} sha256 ${printText(server.sha256)}`, server.span)];
}

// -- parameters -------------------------------------------------------------------------------------------------

/** On one line where it fits and nothing in it is documented or commented on; else one parameter to a line. */
function parameterRows(
  head: string,
  params: readonly Parameter[],
  open: boolean,
  tail: string,
  owner: ActionDeclaration | DefineDeclaration,
  context: Context,
): Row[] {
  const texts = [...params.map((param) => printParameter(param)), ...(open ? ["..."] : [])];
  const inline = `${head}(${texts.join(", ")})`;
  const [name, end] = [owner.name.span, owner.paramsEnd ?? owner.name.span.end];
  const whole = { start: owner.span.start, end: owner.kind === "Define" ? owner.span.end : end + 1 };
  const spread = params.some(isDocumented) || context.hasComment({ ...name, start: name.end, end });
  const wide = inline.length > widest && params.length > 0;
  if (!spread && !wide) return [row(inline + tail, whole)];
  const rows = params.flatMap((param, index) => {
    const comma = index < texts.length - 1 ? "," : "";
    return [...docRows(param.doc, param.span, 1), ...lines(printParameter(param) + comma, param, 1)];
  });
  const dots = open ? [row("...", { start: end, end }, 1)] : [];
  const close = { ...row(`)${tail}`, { start: end, end: whole.end }), closes: true };
  return [row(`${head}(`, { start: owner.span.start, end: name.end }), ...rows, ...dots, close];
}

function lines(text: string, node: Node, indent: number): Row[] {
  return text.split("\n").map((line) => {
    const trimmed = line.trimStart();
    return row(trimmed, node.span, indent + (line.length - trimmed.length) / 2);
  });
}

function isDocumented(param: Parameter): boolean {
  return param.doc !== null || hasDocumented(param.type);
}

function hasDocumented(type: TypeNode): boolean {
  if (type.kind === "ListType") return hasDocumented(type.of);
  return type.kind === "RecordType" && type.fields.some(isDocumented);
}

/** `amount: decimal(min 0.01)?`; over several lines where a field in it is documented. */
export function printParameter({ name, secret, type, optional }: Parameter): string {
  return `${printName(name)}: ${secret ? "secret " : ""}${printType(type)}${optional ? "?" : ""}`;
}

/** More than one line, relative to the first, where a field in it is documented. */
function printType(type: TypeNode): string {
  switch (type.kind) {
    case "NamedType":
      return printName(type.name) + printSettings(type.settings);
    case "EnumType":
      return `enum(${printTexts(type.values)})`;
    case "ListType":
      return `list<${printType(type.of)}>${printSettings(type.settings)}`;
    case "RecordType":
      return printRecord(type.fields);
    default:
      return assertNever(type);
  }
}

function printRecord(fields: readonly Parameter[]): string {
  if (fields.length === 0) return "record {}";
  if (!fields.some(isDocumented)) return `record { ${fields.map(printParameter).join(", ")} }`;
  const texts = fields.map((field, index) => {
    const doc = docRows(field.doc, field.span).map(({ cells }) => cells.join(" "));
    return [...doc, printParameter(field) + (index < fields.length - 1 ? "," : "")].join("\n");
  });
  return `record {\n${texts.join("\n").replace(/^/gm, "  ")}\n}`;
}

function printSettings(settings: readonly TypeSetting[]): string {
  if (settings.length === 0) return "";
  const texts = settings.map(({ name, value }) => {
    if (value === null) return printName(name);
    return `${printName(name)} ${value.kind === "String" ? quote(value.value) : value.text}`;
  });
  return `(${texts.join(", ")})`;
}
