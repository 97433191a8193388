/** Networks in CIDR notation, as in `request.ip in "10.0.0.0/8"`. */
import { type Refusal, refuseText } from "./canonical.ts";

const SHAPE = "write a network such as `10.0.0.0/8`, or one address";

/** Null where `text` is a network or a single address in canonical form. */
export function refuseNetwork(text: string): Refusal | null {
  const [address = "", bits, ...more] = text.split("/");
  const refusal = refuseText({ kind: "ip" }, address);
  if (more.length > 0) return { help: SHAPE, canonical: null };
  if (refusal !== null) return { help: SHAPE, canonical: null };
  if (bits === undefined) return null;
  const width = address.includes(":") ? 128 : 32;
  if (!/^(0|[1-9]\d{0,2})$/.test(bits) || Number(bits) > width) {
    return { help: `after the \`/\` stands a number from 0 to ${width}`, canonical: null };
  }
  if (!hasHostBits(address, Number(bits), width)) return null;
  // `10.0.0.1/8` may mean the network or the one machine, so it is neither.
  return { help: `write the network's first address, or \`/${width}\` for this one machine`, canonical: null };
}

/** The network of one address. */
export function asNetwork(text: string): string {
  if (text.includes("/")) return text;
  return text.includes(":") ? `${text}/128` : `${text}/32`;
}

function hasHostBits(address: string, bits: number, width: number): boolean {
  return (addressValue(address) & ((1n << BigInt(width - bits)) - 1n)) !== 0n;
}

function addressValue(address: string): bigint {
  if (!address.includes(":")) return address.split(".").reduce((value, part) => value * 256n + BigInt(part), 0n);
  const [head = "", tail] = address.split("::");
  const [left, right] = [groups(head), groups(tail ?? "")];
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  const middle = Array.from({ length: missing }, () => "0");
  return [...left, ...middle, ...right].reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n);
}

function groups(text: string): readonly string[] {
  return text === "" ? [] : text.split(":");
}
