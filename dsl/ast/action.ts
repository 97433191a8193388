/** Actions, parameters, types, servers, defines. */
import type { Expression } from "./expression.ts";
import type { Documented, DurationLiteral, Name, Node, NumberLiteral, StringLiteral } from "./node.ts";

export interface ActionDeclaration extends Documented {
  readonly kind: "Action";
  readonly name: Name;
  /** Null where the list is left out (actions of a server). */
  readonly params: readonly Parameter[] | null;
  /** The offset of the `)` behind them; like a span, no part of the meaning. Null where the list is left out. */
  readonly paramsEnd: number | null;
  /** `...` stands last. */
  readonly open: boolean;
  readonly classes: readonly ClassItem[];
  readonly resources: OnNone | readonly ResourceItem[] | null;
  readonly yields: readonly LabelClause[];
  readonly clears: readonly Name[];
  readonly recovery: StringLiteral | null;
  readonly tool: StringLiteral | null;
}
export interface OnNone extends Node {
  readonly kind: "OnNone";
}
export interface ClassItem extends Node {
  readonly name: Name;
  readonly guard: Guard | null;
}
export interface ResourceItem extends Node {
  readonly template: StringLiteral;
  readonly guard: Guard | null;
}
export interface LabelClause extends Node {
  readonly label: Name;
  readonly guard: Guard | null;
}
/** `when C` or `unless C`. */
export interface Guard extends Node {
  readonly unless: boolean;
  readonly condition: Expression;
}
export interface Parameter extends Documented {
  readonly kind: "Parameter";
  readonly name: Name;
  readonly secret: boolean;
  readonly type: TypeNode;
  readonly optional: boolean;
}

export type TypeNode =
  /** `string(max 4000)`, `url(https)`, `path(absolute, lower)`, `decimal(min 0.01)`. */
  | (Node & { readonly kind: "NamedType"; readonly name: Name; readonly settings: readonly TypeSetting[] })
  | (Node & { readonly kind: "EnumType"; readonly values: readonly StringLiteral[] })
  | (Node & { readonly kind: "ListType"; readonly of: TypeNode; readonly settings: readonly TypeSetting[] })
  | (Node & { readonly kind: "RecordType"; readonly fields: readonly Parameter[] });

/** `max 4000`, `like "*.md"`, `https`. */
export interface TypeSetting extends Node {
  readonly name: Name;
  readonly value: NumberLiteral | StringLiteral | DurationLiteral | null;
}

/** `server NAME mcp "URL" tools "FILE" sha256 "…"` */
export interface ServerDeclaration extends Documented {
  readonly kind: "Server";
  readonly name: Name;
  readonly protocol: Name;
  readonly url: StringLiteral;
  readonly tools: StringLiteral;
  readonly sha256: StringLiteral;
}

/** `define internal(to: list<email>) = …` */
export interface DefineDeclaration extends Documented {
  readonly kind: "Define";
  readonly name: Name;
  readonly params: readonly Parameter[];
  readonly paramsEnd: number;
  readonly body: Expression;
}
