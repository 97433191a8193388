/**
 * The hash chain: `hash` is SHA-256 over the canonical JSON (RFC 8785) of the record without `hash`, and `prev` is the
 * hash of the one before. Synchronous, since nothing may await inside a decision's transaction.
 */
import { createHmac } from "node:crypto";
import serialize from "canonicalize";
import { sha256Hex } from "../digest.ts";
import type { BoardDraft, Draft } from "./record.ts";

export interface Head {
  /** 0 before the first record. */
  readonly seq: number;
  readonly hash: string | null;
}

type Sealed<Kind> = Kind & { readonly seq: number; readonly prev: string | null; readonly hash: string };

export const EMPTY: Head = { seq: 0, hash: null };

/** @returns with its canonical JSON: each member is written once for the hash and the text */
export function sealRecord<Kind extends Draft | BoardDraft>(
  draft: Kind,
  head: Head,
): { readonly record: Sealed<Kind>; readonly text: string } {
  const unsealed = { ...draft, seq: head.seq + 1, prev: head.hash };
  const members = membersOf(unsealed);
  const hash = digestOf(objectText(members));
  return { record: { ...unsealed, hash }, text: objectText([...members, ...membersOf({ hash })]) };
}

/** `sha256:` and 64 hex digits. */
export function hashOf(unsealed: object): string {
  return digestOf(canonicalText(unsealed));
}

function digestOf(text: string): string {
  return `sha256:${sha256Hex(text)}`;
}

type Member = readonly [name: string, text: string];

/** A member without a value isn't written. */
function membersOf(of: object): readonly Member[] {
  return Object.entries(of).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, `${JSON.stringify(name)}:${canonicalText(value)}`] as const],
  );
}

/** By name in UTF-16 code units, as RFC 8785 orders them. */
function objectText(members: readonly Member[]): string {
  const sorted = members.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${sorted.map(([, text]) => text).join(",")}}`;
}

export function canonicalText(value: unknown): string {
  const text = serialize(value);
  if (text === undefined) throw new Error("a record holds something that JSON can't");
  return text;
}

/** `hmac-sha256:` and 64 hex digits over the canonical JSON of the arguments. */
export function argumentsMac(key: string, args: string): string {
  if (key === "") throw new Error("the key that binds arguments to records is missing");
  return `hmac-sha256:${createHmac("sha256", key).update(args).digest("hex")}`;
}
