/** ASI03: who an agent is, on whose behalf it acts, and what it may do with that. */
import {
  type Assessment,
  concernsClass,
  declaration,
  evidenceOf,
  gap,
  measure,
  type PolicyView,
  strictRules,
} from "./policy-view.ts";

export function assessPrivilegeAbuse(view: PolicyView): Assessment {
  const { agents, actions, settings } = view.table.body;
  const becoming = agents.flatMap((agent) =>
    agent.may_become.map(({ role, via }) =>
      declaration(view, "agent", agent.name, ` may become ${role} via ${via}`, "elevation"),
    ),
  );
  const required = agents.filter((agent) => agent.requester_required);
  const admin = strictRules(view).filter(({ row }) => concernsClass(view, row, ["admin"]));
  const hasAdmin = actions.some((action) => action.classes.some(({ name }) => name === "admin"));
  return {
    enforced: [
      ...measure(
        "each agent has an identity of its own, no secret in the policy, and a day of review",
        agents.map(({ name, identities }) => declaration(view, "agent", name, kindsOf(identities))),
      ),
      ...measure(
        "these act only for a person whom an identity provider vouches for",
        required.map(({ name }) => declaration(view, "agent", name)),
      ),
      ...measure("more rights for a time, after somebody approved", becoming),
      ...measure("administration is asked about or forbidden", evidenceOf(view, admin)),
    ],
    open: [
      ...gap(agents.length > 0 && required.length === 0, "no agent acts for a verified person", REQUESTER),
      ...gap(required.length > 0 && settings.requesters === null, "no requester can be verified", REQUESTERS),
      ...gap(hasAdmin && admin.length === 0, "nothing asks about administration or forbids it", ADMIN),
    ],
  };
}

function kindsOf(identities: readonly { readonly kind: string }[]): string {
  return ` (${[...new Set(identities.map(({ kind }) => kind))].join(", ")})`;
}

const REQUESTER = "add `requester required` to agents that work for somebody";
const REQUESTERS = 'add to the `policy` block: `requesters oidc "https://…" audience "…"`';
const ADMIN = "in `every agent`: `ask admin via …`, or `never admin`";
