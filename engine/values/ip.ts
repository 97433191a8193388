/** IP addresses and networks in CIDR notation, as bytes: 4 or 16. */

export interface Network {
  readonly address: readonly number[];
  readonly bits: number;
}

/** Four or sixteen bytes; an IPv4 address mapped into IPv6 is read as the IPv4 address it reaches. */
export function parseAddress(text: string): readonly number[] | null {
  const bytes = text.includes(":") ? parseV6(text) : parseV4(text);
  return bytes !== null && isMapped(bytes) ? bytes.slice(12) : bytes;
}

/** `10.0.0.0/8` or `2001:db8::/32`; null where it isn't a network or has bits set beyond its prefix. */
export function parseNetwork(text: string): Network | null {
  const slash = text.indexOf("/");
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  const bits = slash < 0 ? address.length * 8 : prefixLength(text.slice(slash + 1), address.length * 8);
  if (bits === null || address.some((byte, at) => (byte & ~maskByte(bits, at)) !== 0)) return null;
  return { address, bits };
}

export function inNetwork(address: readonly number[], network: Network): boolean {
  if (address.length !== network.address.length) return false;
  return address.every((byte, at) => ((byte ^ (network.address[at] ?? 0)) & maskByte(network.bits, at)) === 0);
}

/** Null where the address is in its one canonical text (dotted decimal, RFC 5952), else what to do. */
export function ipProblem(text: string): string | null {
  const bytes = text.length > 45 ? null : text.includes(":") ? parseV6(text) : parseV4(text);
  if (bytes === null) return "must be an IP address such as `192.0.2.1` or `2001:db8::1`";
  const canonical = formatAddress(isMapped(bytes) ? bytes.slice(12) : bytes);
  return canonical === text ? null : `must be in canonical form: send \`${canonical}\``;
}

function parseV4(text: string): number[] | null {
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  const bytes = parts.map((part) => (/^(?:0|[1-9][0-9]{0,2})$/.test(part) ? Number(part) : 256));
  return bytes.every((byte) => byte < 256) ? bytes : null;
}

function parseV6(text: string): number[] | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0] ?? "");
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? "") : [];
  if (head === null || tail === null) return null;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 2 ? missing < 2 : missing !== 0) return null;
  return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function parseGroups(text: string): number[] | null {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [at, group] of groups.entries()) {
    const dotted = at === groups.length - 1 && group.includes(".") ? parseV4(group) : null;
    if (dotted !== null) bytes.push(...dotted);
    else if (/^[0-9a-f]{1,4}$/i.test(group))
      bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255);
    else return null;
  }
  return bytes;
}

function isMapped(bytes: readonly number[]): boolean {
  return (
    bytes.length === 16 && bytes[10] === 255 && bytes[11] === 255 && bytes.slice(0, 10).every((byte) => byte === 0)
  );
}

function formatAddress(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0));
  const gap = longestZeros(groups);
  const hex = groups.map((group) => group.toString(16));
  if (gap.length < 2) return hex.join(":");
  return `${hex.slice(0, gap.start).join(":")}::${hex.slice(gap.start + gap.length).join(":")}`;
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [at, group] of groups.entries()) {
    if (group !== 0) start = at + 1;
    else if (at + 1 - start > best.length) best = { start, length: at + 1 - start };
  }
  return best;
}

function prefixLength(text: string, most: number): number | null {
  return /^(?:0|[1-9][0-9]{0,2})$/.test(text) && Number(text) <= most ? Number(text) : null;
}

function maskByte(bits: number, at: number): number {
  const kept = Math.min(8, Math.max(0, bits - at * 8));
  return (0xff << (8 - kept)) & 0xff;
}
