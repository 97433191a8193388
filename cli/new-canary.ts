/** A fresh marker to plant in data, of the form that the engine looks for: `apc_` and 26 characters of base32. */
import { randomBytes } from "node:crypto";
import { sha256Hex } from "../compiler/index.ts";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
const LENGTH = 26;

export interface NewCanary {
  readonly marker: string;
  /** Of the marker, in hex: all that a policy knows of it. */
  readonly sha256: string;
}

/** 130 random bits, so that nobody finds the marker from its hash. */
export function newCanary(): NewCanary {
  const characters = Array.from(randomBytes(LENGTH), (byte) => BASE32.charAt(byte % BASE32.length));
  const marker = `apc_${characters.join("")}`;
  return { marker, sha256: sha256Hex(marker) };
}
