/** Networks in CIDR notation, as in `request.ip in "10.0.0.0/8"`. */
import type { StringLiteral } from "../../dsl/index.ts";
import { parseNetwork } from "../../engine/index.ts";
import type { Report } from "../report.ts";
import { refuseText } from "./canonical.ts";

/** The texts as networks, sorted, each once; null, with a message for each that is none. */
export function networksOf(nodes: readonly StringLiteral[], report: Report): readonly string[] | null {
  const refused = nodes.map((node) => refuse(node, report)).includes(true);
  return refused ? null : [...new Set(nodes.map((node) => asNetwork(node.value)))].toSorted();
}

function refuse(node: StringLiteral, report: Report): boolean {
  const help = problemOf(node.value);
  if (help === null) return false;
  report.error("AP3017", { span: node.span, message: `${JSON.stringify(node.value)} is not a network`, help });
  return true;
}

/** Null where `text` is a network or a single address in canonical form, else what to write. */
function problemOf(text: string): string | null {
  const [address = "", bits, ...more] = text.split("/");
  if (more.length > 0 || refuseText({ kind: "ip" }, address) !== null)
    return "write a network such as `10.0.0.0/8`, or one address";
  if (bits === undefined) return null;
  const width = widthOf(address);
  if (!/^(0|[1-9]\d{0,2})$/.test(bits) || Number(bits) > width)
    return `after the \`/\` stands a number from 0 to ${width}`;
  // `10.0.0.1/8` may mean the network or the one machine, so it is neither.
  return parseNetwork(text) === null
    ? `write the network's first address, or \`/${width}\` for this one machine`
    : null;
}

/** The network of one address. */
function asNetwork(text: string): string {
  return text.includes("/") ? text : `${text}/${widthOf(text)}`;
}

function widthOf(address: string): 32 | 128 {
  return address.includes(":") ? 128 : 32;
}
