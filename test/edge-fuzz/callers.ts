/** Who may make which call, by method and path as the edge's table of routes has it. */

/** A gateway's own credential, and the token that it got for one. */
type GatewayKind = "gateway" | "gateway_token";

export type CredentialKind = "none" | "garbage" | "agent" | "session" | "person" | "requester" | GatewayKind;

export const ANYBODY: readonly CredentialKind[] = [
  "none",
  "garbage",
  "agent",
  "session",
  "person",
  "requester",
  "gateway",
  "gateway_token",
];

const CALLERS: { readonly [call: string]: readonly CredentialKind[] } = {
  "GET /healthz": ANYBODY,
  "GET /.well-known/jwks.json": ANYBODY,
  "GET /.well-known/authzen-configuration": ANYBODY,
  "GET /metrics": ["person"],
  "POST /v1/gateway/token": ["gateway"],
  "POST /access/v1/evaluation": ["gateway_token"],
  "POST /access/v1/evaluations": ["gateway_token"],
  "POST /access/v1/search/subject": ["gateway_token"],
  "POST /access/v1/search/resource": ["gateway_token"],
  "POST /access/v1/search/action": ["gateway_token"],
  "POST /v1/permits/:jti/redeem": ANYBODY,
  "POST /v1/sessions": ["agent", "gateway"],
  "GET /v1/sessions": ["person"],
  "GET /v1/session": ["session"],
  "DELETE /v1/session": ["session"],
  "POST /v1/session/token": ["agent"],
  "POST /v1/session/delegations": ["session"],
  "POST /v1/authorize": ["session"],
  "POST /v1/outcomes": ["session"],
  "POST /v1/elevations": ["session"],
  "GET /v1/approvals": ["person"],
  "GET /v1/approvals/:id": ["session", "person", "gateway_token"],
  "DELETE /v1/approvals/:id": ["session"],
  "POST /v1/approvals/:id/decision": ["person"],
  "GET /v1/switches": ["person"],
  "GET /v1/switches/:scope/:name": ["person"],
  "PUT /v1/switches/:scope/:name": ["person"],
  "DELETE /v1/switches/:scope/:name": ["person"],
  "GET /v1/sets": ["person"],
  "GET /v1/sets/:name": ["person"],
  "PATCH /v1/sets/:name": ["person"],
  "GET /v1/sessions/:id/records": ["person"],
  "DELETE /v1/sessions/:id/records/:seq/args": ["person"],
  "GET /v1/policy": ["session", "person"],
  "GET /v1/policy/sequence": ANYBODY,
};
const ANY_CREDENTIAL: readonly CredentialKind[] = ANYBODY.slice(2);

/** A call that isn't in the table takes some credential at least. */
export function callersOf(method: string, path: string): readonly CredentialKind[] {
  return CALLERS[`${method === "HEAD" ? "GET" : method} ${path}`] ?? ANY_CREDENTIAL;
}
