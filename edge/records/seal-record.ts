/**
 * The hash chain: `hash` is SHA-256 over the canonical JSON (RFC 8785) of the record without `hash`, and `prev` is the
 * hash of the one before. Synchronous, since nothing may await inside a decision's transaction.
 */
import { createHmac } from "node:crypto";
import { sha256Hex } from "../digest.ts";
import { canonicalText } from "../canonical-text.ts";
import type { BoardDraft, Draft } from "./record.ts";

export interface Head {
  /** 0 before the first record. */
  readonly seq: number;
  readonly hash: string | null;
}

type Sealed<Kind> = Kind & { readonly seq: number; readonly prev: string | null; readonly hash: string };

export const EMPTY: Head = { seq: 0, hash: null };

/** @returns with its canonical JSON */
export function sealRecord<Kind extends Draft | BoardDraft>(
  draft: Kind,
  head: Head,
): { readonly record: Sealed<Kind>; readonly text: string } {
  const unsealed = { ...draft, seq: head.seq + 1, prev: head.hash };
  const hash = hashOf(unsealed);
  const record = { ...unsealed, hash };
  return { record, text: canonicalText(record) };
}

/** `sha256:` and 64 hex digits. */
export function hashOf(unsealed: object): string {
  return `sha256:${sha256Hex(canonicalText(unsealed))}`;
}

/** `hmac-sha256:` and 64 hex digits over the canonical JSON of the arguments. */
export function argumentsMac(key: string, args: string): string {
  if (key === "") throw new Error("the key that binds arguments to records is missing");
  return `hmac-sha256:${createHmac("sha256", key).update(args).digest("hex")}`;
}
