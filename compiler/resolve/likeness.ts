/** `agent B like A`: whose roles, rules and limits an agent has beside its own. */
import type { AgentDeclaration } from "../../dsl/index.ts";
import type { Names } from "../collect/names.ts";
import { type Context, lookup } from "./context.ts";

/** Over more agents nobody sees any more what the last of them may do. */
const LONGEST = 8;

/** The agent that it is like, the one that that is like, and so on; none twice. */
export function modelsOf(names: Names, node: AgentDeclaration): readonly AgentDeclaration[] {
  const models: AgentDeclaration[] = [];
  let model = modelOf(names, node);
  while (model && model !== node && !models.includes(model) && models.length < LONGEST) {
    models.push(model);
    model = modelOf(names, model);
  }
  return models;
}

function modelOf({ by }: Names, { like }: AgentDeclaration): AgentDeclaration | undefined {
  return like ? by.agent.get(like.value) : undefined;
}

/** Messages for models that don't exist, circles and chains that are too long. */
export function checkLikeness(context: Context): void {
  const { by } = context.names;
  const depths = new Map<AgentDeclaration, number>();
  for (const node of by.agent.values()) {
    if (node.like) lookup(context, "agent", node.like);
    followModels(context, node, depths);
  }
}

/** Each agent is followed once, so a long chain costs no more than its length. */
function followModels(context: Context, node: AgentDeclaration, depths: Map<AgentDeclaration, number>): void {
  const path: AgentDeclaration[] = [];
  let at: AgentDeclaration | undefined = node;
  const onPath = new Set<AgentDeclaration>();
  while (at && !depths.has(at) && !onPath.has(at)) {
    path.push(at);
    onPath.add(at);
    at = modelOf(context.names, at);
  }
  const circle = at && onPath.has(at) ? path.slice(path.indexOf(at)) : [];
  if (circle.length > 0) refuseCircle(context, circle);
  for (const one of circle) depths.set(one, 0);
  for (const one of path.toReversed()) {
    if (depths.has(one)) continue;
    const model = modelOf(context.names, one);
    const depth = model ? (depths.get(model) ?? 0) + 1 : 0;
    if (depth === LONGEST + 1) refuseLong(context, one);
    depths.set(one, depth);
  }
}

function refuseCircle(context: Context, circle: readonly AgentDeclaration[]): void {
  const [first, ...others] = circle.toSorted((a, b) => (a.name.value < b.name.value ? -1 : 1));
  if (!first) return;
  context.report.error("AP5117", {
    span: first.like?.span ?? first.name.span,
    message: `agent \`${first.name.value}\` is like itself`,
    label: others.length > 0 ? "through others" : "names itself",
    related: others.map((other) => ({ span: other.name.span, label: "through this one" })),
    help: "let one of them name its `roles` instead",
  });
}

function refuseLong({ report }: Context, node: AgentDeclaration): void {
  report.error("AP5117", {
    span: node.like?.span ?? node.name.span,
    message: `agent \`${node.name.value}\` is like another over more than ${LONGEST} steps`,
    label: "nobody can review it",
    help: "name the `roles` instead, or the first of these agents",
  });
}
