/** Networks in CIDR notation, as in `request.ip in "10.0.0.0/8"`. */
import { refuseText, type Refusal } from "./canonical.ts";

/** Null where `text` is a network or a single address in canonical form. */
export function refuseNetwork(text: string): Refusal | null {
  const [address = "", bits, ...more] = text.split("/");
  const refusal = refuseText({ kind: "ip" }, address);
  if (more.length > 0) return { detail: "write a network as in `10.0.0.0/8`", canonical: null };
  if (refusal !== null) {
    const canonical =
      refusal.canonical === null || bits === undefined ? refusal.canonical : `${refusal.canonical}/${bits}`;
    return { detail: "write a network as in `10.0.0.0/8`", canonical };
  }
  if (bits === undefined) return null;
  const width = address.includes(":") ? 128 : 32;
  if (!/^(0|[1-9]\d{0,2})$/.test(bits) || Number(bits) > width) {
    return { detail: `the part after \`/\` is a number from 0 to ${width}`, canonical: null };
  }
  return refuseHostBits(address, Number(bits), width);
}

/** The network of one address. */
export function asNetwork(text: string): string {
  if (text.includes("/")) return text;
  return text.includes(":") ? `${text}/128` : `${text}/32`;
}

/** `10.0.0.1/8` may mean the network or the one machine, so it is neither. */
function refuseHostBits(address: string, bits: number, width: number): Refusal | null {
  const value = addressValue(address);
  const rest = value & ((1n << BigInt(width - bits)) - 1n);
  if (rest === 0n) return null;
  const network = printAddress(value - rest, width);
  const canonical = refuseText({ kind: "ip" }, network)?.canonical ?? network;
  return { detail: `the network is \`${canonical}/${bits}\``, canonical: `${canonical}/${bits}` };
}

function addressValue(address: string): bigint {
  if (!address.includes(":")) return address.split(".").reduce((value, part) => value * 256n + BigInt(part), 0n);
  const [head = "", tail] = address.split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const [left, right] = [groups(head), groups(tail ?? "")];
  const middle = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => "0");
  return [...left, ...middle, ...right].reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n);
}

function printAddress(value: bigint, width: number): string {
  const [size, base, separator] = width === 32 ? [8n, 10, "."] : [16n, 16, ":"];
  const parts: string[] = [];
  for (let shift = BigInt(width) - size; shift >= 0n; shift -= size) {
    parts.push(((value >> shift) & ((1n << size) - 1n)).toString(base));
  }
  return parts.join(separator);
}
