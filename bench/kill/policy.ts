/** A policy whose every session can be stopped by a switch of any scope. */
export const ACTION = "files.read";
export const CLASS = "listed";
export const ROLE = "worker";
export const REQUESTER = "kim@corp.example";
export const OPERATOR = "oda@corp.example";

/** Milliseconds, as the policy has it. */
export const LEASE = 5_000;

/** @param keys Public Ed25519 keys (base64url) by agent. */
export function policyText(keys: ReadonlyMap<string, string>): string {
  return `policy "bench" {
  environments production
  session      lifetime 1h idle 30m
  lease        ${LEASE / 1_000}s
  people       oidc "https://people.corp.example" audience "people-of-corp"
  requesters   oidc "https://login.corp.example" audience "agents-of-corp"
  operators    ops
}

class ${CLASS}
group ops = ["${OPERATOR}"]

action ${ACTION}(file: path)
  is read, ${CLASS}
  on "files/{file}"

role ${ROLE} {
  allow ${ACTION}
  never ${ACTION} on "files/secret/**"
}

every agent {
  limit session.open to 1000000 in 1h per agent
}
${[...keys].map(([name, key]) => agentText(name, key)).join("\n")}`;
}

function agentText(name: string, key: string): string {
  return `
agent ${name} {
  owner    ops
  purpose  "Is killed"
  roles    ${ROLE}
  identity key ed25519 "${key}"
  requester required
  review   by 2099-12-31
}
`;
}
