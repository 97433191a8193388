/** `GET /v1/policy`: to people the whole policy as a matrix, to an agent its own actions without conditions. */
import { blockReach, maySelect } from "../../engine/index.ts";
import type { Action, Agent, Block, Rule, TableBody, Tier } from "../../engine/index.ts";
import { undelivered } from "../delivered.ts";
import type { Deployment } from "../deployment.ts";
import { requireSessionOrPerson } from "./callers.ts";
import type { AppContext } from "./context.ts";

const TIERS: readonly Tier[] = ["allow", "notify", "ask", "never"];

export async function showPolicy(c: AppContext): Promise<Response> {
  const caller = await requireSessionOrPerson(c);
  const deployment = c.get("deployment");
  const { table, audience, origins } = deployment;
  const named = { name: table.body.name, policy: table.hash, sequence: deployment.sequence };
  const permits = { issuer: origins[0], audience };
  if (caller.kind === "session")
    return c.json({ ...named, ...permits, ...ownActions(deployment, caller.claims.agent) });
  const shown = { environment: deployment.environment, undelivered: undelivered(table.body) };
  return c.json({ ...named, ...permits, ...shown, ...wholePolicy(deployment) });
}

/** Which tiers a rule of the policy may give the action; a rule's conditions and limits are not told. */
function ownActions(deployment: Deployment, name: string): object {
  const { body } = deployment.table;
  const agent = deployment.agents.get(name);
  if (agent === undefined) return { agent: name, actions: [] };
  const blocks = blocksOf(body, agent);
  const actions = body.actions
    .map((action) => ({ action: action.name, tiers: tiersOf(rulesFor(blocks, action)) }))
    .filter(({ tiers }) => tiers.some((tier) => tier !== "never"));
  return { agent: name, actions };
}

function wholePolicy(deployment: Deployment): object {
  const { body, places } = deployment.table;
  const lines = new Map(
    places.rules.map(([id, file, line, column]) => [id, `${places.files[file] ?? ""}:${line}:${column}`]),
  );
  const cells = body.agents.flatMap((agent) => {
    const blocks = blocksOf(body, agent);
    return body.actions.flatMap((action) => {
      const rules = rulesFor(blocks, action);
      return rules.length === 0
        ? []
        : [{ agent: agent.name, action: action.name, tiers: tiersOf(rules), rules: rules.map((rule) => rule.id) }];
    });
  });
  const written = body.blocks.flatMap((block) =>
    [...block.rules, ...block.limits].map((rule) => ({
      id: rule.id,
      block: block.name === "" ? block.kind : `${block.kind} ${block.name}`,
      text: rule.text,
      doc: rule.doc,
      trial: rule.trial,
      place: lines.get(rule.id) ?? null,
    })),
  );
  const agents = body.agents.map(({ name, owner, purpose, roles }) => ({ name, owner, purpose, roles }));
  return { agents, actions: body.actions.map((action) => action.name), cells, rules: written };
}

interface Blocks {
  /** Its roles' and its own. */
  readonly own: readonly Block[];
  readonly every: readonly Block[];
}

/** Of one agent: looked for once for all actions, since a table may have many thousands. */
function blocksOf({ blocks }: TableBody, agent: Agent): Blocks {
  const reaching = blocks.filter((block) => blockReach(block, agent) === "always");
  const own = reaching.filter(({ kind }) => kind !== "every");
  return { own, every: reaching.filter(({ kind }) => kind === "every") };
}

/** Rules that concern the agent and may select the action; none when nothing of the agent's own grants it. */
function rulesFor({ own, every }: Blocks, action: Action): readonly Rule[] {
  const selected = (blocks: readonly Block[]): Rule[] =>
    blocks.flatMap((block) => block.rules.filter((rule) => !rule.trial && maySelect(rule, action)));
  const granting = selected(own).some((rule) => rule.tier !== "never");
  return granting ? [...selected(own), ...selected(every)] : [];
}

function tiersOf(rules: readonly Rule[]): readonly Tier[] {
  return TIERS.filter((tier) => rules.some((rule) => rule.tier === tier));
}
