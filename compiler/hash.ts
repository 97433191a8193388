/** SHA-256, as ids and the table's hash use it. The same on every runtime, and synchronous. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** SHA-256 of the text's UTF-8 bytes, as 64 lower-case hex digits. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** Of how many characters of JSON are hashed at once. */
const manyAtOnce = 65_536;

/** `sha256Hex(JSON.stringify(value))` of an object, without ever holding all of its text. */
export function sha256OfJson(value: object): string {
  const hash = sha256.create();
  let text = "";
  for (const piece of piecesOf(value)) {
    text += piece;
    if (text.length < manyAtOnce) continue;
    hash.update(utf8ToBytes(text));
    text = "";
  }
  return bytesToHex(hash.update(utf8ToBytes(text)).digest());
}

/** An object's JSON in pieces: its members, and the items of those that are lists. */
function* piecesOf(value: object): Generator<string> {
  let before = "{";
  for (const [key, member] of Object.entries(value) as [string, unknown][]) {
    if (member === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    if (Array.isArray(member)) yield* itemsOf(member);
    else yield JSON.stringify(member);
    before = ",";
  }
  yield before === "{" ? "{}" : "}";
}

function* itemsOf(list: readonly unknown[]): Generator<string> {
  if (list.length === 0) yield "[]";
  for (let index = 0; index < list.length; index++) {
    const item = JSON.stringify(list[index]) as string | undefined;
    yield `${index === 0 ? "[" : ","}${item ?? "null"}${index === list.length - 1 ? "]" : ""}`;
  }
}
