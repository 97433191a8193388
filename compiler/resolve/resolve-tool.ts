/** The tool behind an action: its parameters, where the action writes none, and what it was when it was reviewed. */
import type { ActionDeclaration } from "../../dsl/index.ts";
import { quote } from "../../dsl/index.ts";
import type { Param, Tool } from "../../engine/index.ts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { paramsOfSchema } from "../catalogue/params-of-schema.ts";
import { toolDigest } from "../catalogue/tool-digest.ts";
import { nearestName } from "../nearest-name.ts";
import { guessAt, type Report, spell } from "../report.ts";
import { importCommand } from "./import-command.ts";
import { misfitOf } from "./misfit.ts";
import type { ToolServer, ToolServers } from "./resolve-server.ts";
import { resolveParams } from "./resolve-type.ts";
import { toolNameOf } from "./tool-name.ts";

export interface ActionTool {
  readonly params: readonly Param[];
  readonly open: boolean;
  /** False, with messages, where something of it isn't known. */
  readonly sound: boolean;
  readonly tool: Tool | null;
}

export function resolveTool(node: ActionDeclaration, servers: ToolServers, report: Report): ActionTool {
  const server = servers.get(node.name.segments[0] ?? "") ?? null;
  if (server === null) return withoutServer(node, report);
  const name = toolNameOf(node);
  const found = server.tools?.get(name) ?? null;
  const tool = { name, server: server.node.name.value, sha256: found === null ? null : toolDigest(found) };
  if (found === null) {
    if (server.tools !== null && !server.drifted) refuseUnknown(node, name, { ...server, tools: server.tools }, report);
    return { ...ownParams(node, report), sound: false, tool };
  }
  if (node.params === null) return { ...theirParams(node, found, report), tool };
  const own = ownParams(node, report);
  if (own.sound && !server.drifted) warnOfMisfit(node, found, server, report);
  return { ...own, tool };
}

function withoutServer(node: ActionDeclaration, report: Report): ActionTool {
  const tool = node.tool === null ? null : { name: node.tool.value, server: null, sha256: null };
  if (node.params !== null) return { ...ownParams(node, report), tool };
  const [first] = node.name.segments;
  report.error("AP7005", {
    span: node.name.span,
    message: `\`${node.name.value}\` has no parameter list, and no server to take it from`,
    label: `there is no server \`${first ?? ""}\``,
    help: `write its parameters, \`action ${spell(node.name.value)}()\` for none, or declare the server`,
  });
  return { params: [], open: false, sound: false, tool };
}

function ownParams(node: ActionDeclaration, report: Report): Omit<ActionTool, "tool"> {
  const { params, sound } = resolveParams(node.params ?? [], "parameter", report);
  return { params, open: node.open, sound };
}

function theirParams(node: ActionDeclaration, tool: CatalogueTool, report: Report): Omit<ActionTool, "tool"> {
  const { params, open } = paramsOfSchema(tool.inputSchema, node.name.span);
  return { params: resolveParams(params, "parameter", report).params, open, sound: true };
}

const GAVE_UP = "where the server gave it up, delete the action, or import again";

type KnownTools = ToolServer & { readonly tools: NonNullable<ToolServer["tools"]> };

function refuseUnknown(node: ActionDeclaration, name: string, server: KnownTools, report: Report): void {
  const known = [...server.tools.keys()];
  const gaveUp = `${GAVE_UP} with \`${importCommand(server.node)}\`, which makes it a comment`;
  const near = nearestName(name, known);
  const some = known
    .slice(0, 5)
    .map((one) => `\`${one}\``)
    .join(", ");
  report.error("AP7004", {
    span: node.tool?.span ?? node.name.span,
    message: `the server \`${node.name.segments[0] ?? ""}\` has no tool \`${name}\``,
    label: "unknown tool",
    help:
      near !== null
        ? `did you mean \`${near}\`? ${gaveUp}`
        : `${known.length === 0 ? "its catalogue is empty" : `it has ${some}${known.length > 5 ? ", …" : ""}`}; ${gaveUp}`,
    // An action's name stands in rules too, so only the clause is mended.
    fix: near === null || node.tool === null ? null : guessAt(node.tool.span, quote(near)),
  });
}

function warnOfMisfit(node: ActionDeclaration, tool: CatalogueTool, server: ToolServer, report: Report): void {
  const misfit = misfitOf(node, paramsOfSchema(tool.inputSchema, node.name.span));
  if (misfit === null) return;
  report.warning("AP7008", {
    span: misfit.span,
    message: `the parameters of \`${node.name.value}\` don't fit its tool: ${misfit.text}`,
    label: "can't be right for both",
    related: [{ span: server.node.tools.span, label: "as this catalogue says" }],
    help: "correct them, or leave the list out to take the tool's own",
  });
}
