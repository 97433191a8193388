/** A policy with a condition, a restriction and two limits for each request, and as many agents as wanted. */
export const ACTION = "payments.refund";

/** @param keys Public Ed25519 keys (base64url) by agent. */
export function policyText(keys: ReadonlyMap<string, string>): string {
  return `policy "bench" {
  environments production
  session      lifetime 8h idle 1h
  lease        10s
  people       oidc "https://people.corp.example" audience "people-of-corp"
  operators    ops
}

label untrusted is taint
group ops = ["oda@corp.example"]
approval pair { approvers ops within 1h }

action payments.refund(order: string(max 40), amount: decimal(min 0.01, max 1000), currency: enum("EUR", "USD"))
  is write, spend
  on "payments/{order}"

role clerk {
  allow payments.refund when args.amount <= 50
  ask payments.refund when args.amount > 50 via pair
  limit payments.refund total args.amount to 100000000 in 24h per session, args.currency
  limit payments.refund to 1000000 per session
}

every agent {
  never spend when session has untrusted and not args.currency == "EUR"
  limit session.open to 1000000 in 1h per agent
}
${[...keys].map(([name, key]) => agentText(name, key)).join("\n")}`;
}

function agentText(name: string, key: string): string {
  return `
agent ${name} {
  owner    ops
  purpose  "Refunds small orders"
  roles    clerk
  identity key ed25519 "${key}"
  review   by 2099-12-31
}
`;
}

/** A request that is allowed. */
export function requestBody(id: string, more: { readonly permit?: boolean } = {}): string {
  const args = { order: "o-1", amount: "8.50", currency: "EUR" };
  return JSON.stringify({ action: ACTION, args, request_id: id, ...more });
}
