/** Which texts a policy rests on: the literals of its sets and rules. */

/** Without its `test` blocks, which stand at the end. */
export function withoutTests(policy: string): string {
  const at = policy.search(/^test "/m);
  return at < 0 ? policy : policy.slice(0, at);
}

/**
 * The literals of sets, defines and rules. Left out are names, issuers and keys of the deployment, who signs in, resources'
 * templates, and what is written for people.
 */
export function literalsOf(policy: string): readonly string[] {
  const lines = withoutTests(policy)
    .split("\n")
    .map((line) => line.replace(/(^|\s)\/\/.*$/, ""))
    .filter((line) => !line.startsWith("group "));
  const text = lines.join("\n").replaceAll(FOR_THE_DEPLOYMENT, "");
  return [...text.matchAll(/"([^"]*)"/g)].map(([, literal]) => literal ?? "");
}

const FOR_THE_DEPLOYMENT = /\b(?:policy|oidc|audience|secret|recovery|purpose|ed25519|on)\s+"[^"]*"/g;
