/** Values of URLs and addresses: made of members that vary by themselves. */
import { type ParamType, parseNetwork } from "../../../engine/index.ts";
import { intValues } from "./number-values.ts";
import { HOST, URL_PATH } from "./text/shape.ts";
import { sayings, shapedValues } from "./text-values.ts";
import { below, own, type PathUse, product, textOf, type Values } from "./value.ts";

const DEFAULT_PORTS: { readonly [scheme: string]: string } = { http: "80", https: "443", ws: "80", wss: "443" };
const MOST_URLS = 400;

export function urlValues({ schemes }: Extract<ParamType, { kind: "url" }>, uses: readonly PathUse[]): Values {
  const hosts = shapedValues(HOST, { min: 0, max: 253 }, below(uses, "host"));
  const paths = shapedValues(URL_PATH, { min: 0, max: 8000 }, below(uses, "path"));
  const { ports, inexact } = portTexts(below(uses, "port"));
  const whole = own(uses).flatMap((what) => (what.kind === "texts" ? what.texts : []));
  const { all, cut } = product([schemes, texts(hosts), ports, texts(paths)], MOST_URLS);
  const urls = all.flatMap(([scheme = "", host = "", port = "", path = ""]) =>
    DEFAULT_PORTS[scheme] === port ? [] : [`${scheme}://${host}${port === "" ? "" : `:${port}`}${path}`],
  );
  const opaque =
    own(uses).some(({ kind }) => kind === "text" || kind === "opaque" || kind === "linked" || kind === "detects") ||
    uses.some(({ path }) => path[0] !== undefined && !PARTS.has(path[0]));
  return {
    values: [...new Set([...urls, ...whole])].flatMap((url) => sayings(url, uses)),
    inexact: cut || opaque ? "a test on a URL" : (hosts.inexact ?? paths.inexact ?? inexact),
  };
}

function texts({ values }: Values): readonly string[] {
  return values.map(textOf);
}

/** Without a port it is the scheme's own. */
function portTexts(uses: readonly PathUse[]): { readonly ports: readonly string[]; readonly inexact: string | null } {
  if (uses.length === 0) return { ports: [""], inexact: null };
  const found = intValues({ kind: "int", min: 1, max: 65_535 }, uses);
  return { ports: ["", ...texts(found)], inexact: found.inexact };
}

const PARTS: ReadonlySet<string> = new Set(["scheme", "host", "port", "path"]);

interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

const V4_END = 1n << 32n;
const V6_END = 1n << 128n;

/** Networks cut the addresses into stretches: one address at each end of each. */
export function ipValues(uses: readonly PathUse[]): Values {
  const networks = uses.flatMap(({ what }) => (what.kind === "networks" ? what.networks : []));
  const literals = own(uses).flatMap((what) => (what.kind === "texts" ? what.texts : []));
  const all = [...networks, ...literals];
  const v4 = ["192.0.2.99", ...edgesOf(all, 4).map(printV4)];
  const v6 = all.some((text) => text.includes(":")) ? edgesOf(all, 16).map(printV6) : ["2001:db8::99"];
  const opaque = uses.some(
    ({ path, what: { kind } }) => path.length > 0 || kind === "text" || kind === "opaque" || kind === "linked",
  );
  return {
    values: [...new Set([...v4, ...v6])].flatMap((text) => sayings(text, uses)),
    inexact: opaque ? "a test on an address" : null,
  };
}

function edgesOf(networks: readonly string[], bytes: number): readonly bigint[] {
  const end = bytes === 4 ? V4_END : V6_END;
  const edges = networks.flatMap((text) => {
    const range = rangeOf(text, bytes);
    return range === null ? [] : [range.low - 1n, range.low, range.low + 1n, range.high, range.high + 1n];
  });
  return [...new Set(edges)].filter((edge) => edge >= 0n && edge < end);
}

function rangeOf(text: string, bytes: number): Range | null {
  const network = parseNetwork(text);
  if (network === null || network.address.length !== bytes) return null;
  const low = network.address.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { low, high: low + (1n << BigInt(bytes * 8 - network.bits)) - 1n };
}

function printV4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join(".");
}

/** RFC 5952, by way of the URL parser, which prints it. */
function printV6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, at) => ((address >> BigInt(112 - at * 16)) & 0xffffn).toString(16));
  return new URL(`https://[${groups.join(":")}]/`).hostname.slice(1, -1);
}
