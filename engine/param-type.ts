/** Types of action parameters, as the table states them (`docs/language.md`, "Types"). */

export interface Param {
  readonly name: string;
  readonly type: ParamType;
  readonly optional: boolean;
  readonly secret: boolean;
}

export type ParamType =
  | { readonly kind: "string"; readonly min: number | null; readonly max: number | null; readonly like: string | null }
  /** Bounds are safe integers. */
  | { readonly kind: "int"; readonly min: number | null; readonly max: number | null }
  /** Bounds are canonical decimal strings. */
  | { readonly kind: "decimal"; readonly min: string | null; readonly max: string | null }
  | { readonly kind: "bool" }
  | { readonly kind: "email" }
  | { readonly kind: "host" }
  | { readonly kind: "ip" }
  | { readonly kind: "uuid" }
  | { readonly kind: "timestamp" }
  | { readonly kind: "duration" }
  | { readonly kind: "json" }
  /** Schemes without the colon; `["https"]` unless listed. */
  | { readonly kind: "url"; readonly schemes: readonly string[] }
  | { readonly kind: "path"; readonly absolute: boolean; readonly lower: boolean }
  | { readonly kind: "enum"; readonly values: readonly string[] }
  | { readonly kind: "list"; readonly of: ParamType; readonly min: number; readonly max: number }
  | { readonly kind: "record"; readonly fields: readonly Param[] };
