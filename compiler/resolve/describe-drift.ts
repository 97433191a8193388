/** A catalogue that isn't the reviewed one any more: what of it concerns this policy, as far as that can be told. */
import type { ActionDeclaration, Related, ServerDeclaration } from "../../dsl/index.ts";
import type { CatalogueTool } from "../catalogue/catalogue.ts";
import { paramsOfSchema } from "../catalogue/params-of-schema.ts";
import type { Resolver } from "./context.ts";
import { importCommand } from "./import-command.ts";
import { misfitOf } from "./misfit.ts";
import { toolNameOf } from "./tool-name.ts";

export interface Drift {
  readonly resolver: Resolver;
  readonly node: ServerDeclaration;
  readonly tools: ReadonlyMap<string, CatalogueTool>;
  /** Hash of the catalogue as it is. */
  readonly now: string;
}

/** More names than a reader takes in are counted instead. */
const MOST_NAMES = 8;

/** The old catalogue isn't known, only its hash: what the policy itself says of the tools is all there is to compare. */
export function describeDrift({ resolver, node, tools, now }: Drift): void {
  const own = [...resolver.names.by.action.values()].filter(({ name }) => name.segments[0] === node.name.value);
  const related = own.flatMap((action) => drifted(action, tools));
  const declared = new Set(own.map(toolNameOf));
  const fresh = [...tools.keys()].filter((name) => !declared.has(name));
  resolver.report.error("AP7003", {
    span: node.sha256.span,
    message: `\`${node.tools.value}\` isn't the catalogue that was reviewed${freshText(fresh)}`,
    label: "the hash of another one",
    related,
    help: `see what changed with \`${importCommand(node)} --check\`, and follow it without \`--check\`; or accept it as it is with \`sha256 "${now}"\``,
  });
}

function freshText(fresh: readonly string[]): string {
  if (fresh.length === 0) return "";
  const names = fresh.map((name) => `\`${name}\``).join(", ");
  const tools = fresh.length === 1 ? "a tool" : "tools";
  return `: it has ${fresh.length > MOST_NAMES ? `${fresh.length} tools` : `${tools} (${names})`} that no action is declared for`;
}

function drifted(action: ActionDeclaration, tools: ReadonlyMap<string, CatalogueTool>): readonly Related[] {
  const name = toolNameOf(action);
  const tool = tools.get(name);
  const span = action.tool?.span ?? action.name.span;
  if (tool === undefined) return [{ span, label: `the tool \`${name}\` is gone` }];
  if (action.params === null) return [{ span, label: "takes its parameters from the changed catalogue" }];
  const misfit = misfitOf(action, paramsOfSchema(tool.inputSchema, action.name.span));
  return misfit === null ? [] : [{ span: misfit.span, label: `the tool changed: ${misfit.text}` }];
}
