/**
 * A request on its way to the session's object, as one text: the platform copies a text several times faster than an
 * object of some hundred members, and every decision goes this way.
 */
import type { LimitRow, Remainder, Row } from "../../engine/index.ts";
import type { AuthorizeInput } from "./session-rpc.ts";

declare const packed: unique symbol;

/** JSON that `unpackInput` reads. */
export type PackedInput = string & { readonly [packed]: true };

type PackedLimit = Omit<LimitRow, "amount" | "n"> & { readonly amount: string; readonly n: string };
/** `restricts` is left out where it is the same as `grants`, as it mostly is. */
type PackedRow = Omit<Row, "restricts"> & Partial<Pick<Row, "restricts">>;

interface Packed extends Omit<AuthorizeInput, "remainder"> {
  readonly remainder: Omit<Remainder, "limits" | "rows"> & {
    readonly limits: readonly PackedLimit[];
    readonly rows: readonly PackedRow[];
  };
}

export function packInput(input: AuthorizeInput): PackedInput {
  const { rows, limits, ...others } = input.remainder;
  const remainder: Packed["remainder"] = { ...others, rows: rows.map(packRow), limits: limits.map(packLimit) };
  return JSON.stringify({ ...input, remainder }) as PackedInput;
}

export function unpackInput(text: PackedInput): AuthorizeInput {
  const input = JSON.parse(text) as Packed;
  const { rows, limits, ...others } = input.remainder;
  return { ...input, remainder: { ...others, rows: rows.map(unpackRow), limits: limits.map(unpackLimit) } };
}

function packRow(row: Row): PackedRow {
  if (row.restricts !== row.grants) return row;
  const { restricts: _same, ...others } = row;
  return others;
}

function unpackRow(row: PackedRow): Row {
  return { ...row, restricts: row.restricts === undefined ? row.grants : row.restricts };
}

/** JSON has no whole numbers of any width. */
function packLimit(limit: LimitRow): PackedLimit {
  return { ...limit, amount: limit.amount.toString(), n: limit.n.toString() };
}

function unpackLimit(limit: PackedLimit): LimitRow {
  return { ...limit, amount: BigInt(limit.amount), n: BigInt(limit.n) };
}
