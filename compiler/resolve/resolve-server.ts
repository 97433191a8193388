/** Tool servers: the catalogue that was reviewed, and whether it is still the same. */
import { type Name, positionOf, type ServerDeclaration, type StringLiteral } from "../../dsl/index.ts";
import type { Server } from "../../engine/index.ts";
import type { Catalogue, CatalogueTool } from "../catalogue/catalogue.ts";
import { readCatalogue } from "../catalogue/read-catalogue.ts";
import { toolPath } from "../catalogue/tool-path.ts";
import { sha256Hex } from "../hash.ts";
import type { Placed } from "../program.ts";
import { isInvented, replaceWith, type Report } from "../report.ts";
import { describeDrift } from "./describe-drift.ts";
import { readSha256 } from "./read-sha256.ts";
import type { Resolver } from "./context.ts";

export interface ToolServer {
  readonly node: ServerDeclaration;
  /** By name; null where the catalogue can't be read, which has had its message. */
  readonly tools: ReadonlyMap<string, CatalogueTool> | null;
  /** The catalogue isn't the one that was reviewed: that has had its message, and what follows from it gets none. */
  readonly drifted: boolean;
}

/** By name. */
export type ToolServers = ReadonlyMap<string, ToolServer>;

/** Texts of the policy's other files, by path as its sources are named. */
export type OtherFiles = ReadonlyMap<string, string>;

export function readServers(resolver: Resolver, files: OtherFiles): ToolServers {
  return new Map(resolver.names.servers.map((node) => [node.name.value, readServer(resolver, node, files)]));
}

/** Rows of the servers without a mistake. */
export function serverRows(servers: ToolServers): readonly Placed<Server>[] {
  return [...servers.values()].map(({ node }) => ({
    row: { name: node.name.value, protocol: "mcp", url: node.url.value, sha256: node.sha256.value },
    span: node.name.span,
  }));
}

function readServer(resolver: Resolver, node: ServerDeclaration, files: OtherFiles): ToolServer {
  const { report } = resolver;
  checkProtocol(node.protocol, report);
  checkUrl(node.url, report);
  const sha256 = readSha256(node.sha256, "hash of a tool catalogue", report);
  const path = toolPath(node.tools.span.source, node.tools.value);
  const text = files.get(path);
  if (text === undefined) return { node, tools: refuseMissing(node, report), drifted: false };
  const tools = readTools(node, text, report);
  const now = sha256Hex(text);
  const drifted = sha256 !== null && sha256 !== now;
  if (drifted && tools !== null) describeDrift({ resolver, node, tools, now });
  return { node, tools, drifted: drifted || sha256 === null };
}

function checkProtocol(protocol: Name, report: Report): void {
  if (protocol.value === "mcp" || isInvented(protocol)) return;
  report.error("AP7006", {
    span: protocol.span,
    message: `a server can't speak \`${protocol.value}\``,
    label: "unknown protocol",
    help: "write `mcp`, the only protocol of tool servers so far",
    fix: replaceWith(protocol.span, "mcp"),
  });
}

/** Only a server on the same machine may do without TLS. */
function checkUrl(url: StringLiteral, report: Report): void {
  if (/^https:\/\/[^\s/@]+(?:\/\S*)?$/.test(url.value)) return;
  if (/^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/\S*)?$/.test(url.value)) return;
  report.error("AP7007", {
    span: url.span,
    message: "a server's address is an `https` URL without user and password",
    help: 'write it like `"https://mcp.acme.example/mcp"`; `http` is for `localhost` only',
  });
}

function refuseMissing({ tools, name }: ServerDeclaration, report: Report): null {
  report.error("AP7001", {
    span: tools.span,
    message: `there is no file \`${tools.value}\``,
    label: "looked for beside this policy file",
    help: `save what the server answers to \`tools/list\`: \`agentpolicy import mcp URL --server ${name.value} --tools ${tools.value}\``,
  });
  return null;
}

function readTools(node: ServerDeclaration, text: string, report: Report): ReadonlyMap<string, CatalogueTool> | null {
  const read = readCatalogue(text);
  const found = read.ok ? ownCatalogue(read.value, node.name.value) : null;
  if (found !== null) return new Map(found.tools.map((tool) => [tool.name, tool]));
  const { line, column } = positionOf(text, read.ok ? 0 : (read.at ?? 0));
  const place = read.ok || read.at === null ? "" : ` at line ${line}, column ${column}`;
  report.error("AP7002", {
    span: node.tools.span,
    message: `\`${node.tools.value}\` ${read.ok ? "holds several servers, and none of this name" : read.problem}${place}`,
    label: "no tool catalogue",
    help: "give what the server answers to `tools/list`, as JSON",
  });
  return null;
}

/** The only one, or the one of this name. */
function ownCatalogue(catalogues: readonly Catalogue[], name: string): Catalogue | null {
  const [only, second] = catalogues;
  if (only !== undefined && second === undefined) return only;
  return catalogues.find(({ server }) => server === name) ?? null;
}
