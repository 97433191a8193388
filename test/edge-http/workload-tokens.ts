/**
 * Tokens of workloads in the shapes that their providers give them: the claims are those of the providers' own
 * documentation, but for names and times. `aud` is what the workload asked for: this edge.
 */

export type Claims = Readonly<Record<string, unknown>>;

function times(life: number): { readonly iat: number; readonly nbf: number; readonly exp: number } {
  const iat = Math.floor(Date.now() / 1000);
  return { iat, nbf: iat, exp: iat + life };
}

/** https://docs.github.com/en/actions/reference/security/oidc */
export function githubToken(aud: string, more: Claims = {}): Claims {
  const { iat, exp } = times(300);
  return {
    jti: crypto.randomUUID(),
    sub: "repo:acme/sales-bot:environment:production",
    aud,
    ref: "refs/heads/main",
    sha: "0f1e2d3c4b5a69788796a5b4c3d2e1f001234567",
    repository: "acme/sales-bot",
    repository_owner: "acme",
    repository_owner_id: "12",
    repository_id: "74",
    repository_visibility: "private",
    run_id: "1234567890",
    run_number: "10",
    run_attempt: "2",
    actor: "kim",
    workflow: "deploy",
    head_ref: "",
    base_ref: "",
    event_name: "workflow_dispatch",
    ref_type: "branch",
    environment: "production",
    environment_node_id: "EN_1",
    job_workflow_ref: "acme/automation/.github/workflows/deploy.yml@refs/heads/main",
    runner_environment: "github-hosted",
    iat,
    // GitHub's tokens are valid from some minutes before they were made.
    nbf: iat - 600,
    exp,
    ...more,
  };
}

/** https://cloud.google.com/docs/authentication/get-id-token */
export function googleToken(aud: string, more: Claims = {}): Claims {
  const { iat, exp } = times(3600);
  return {
    aud,
    azp: "113774264463038321964",
    email: "report-bot@acme.iam.gserviceaccount.com",
    email_verified: true,
    exp,
    iat,
    sub: "113774264463038321964",
    ...more,
  };
}

/** https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference, of a managed identity. */
export function entraToken(aud: string, more: Claims = {}): Claims {
  return {
    aud,
    ...times(24 * 3600 + 300),
    aio: "E2ZgYJhz",
    appid: "6e74172b-be56-4843-9ff4-e66a39bb12e3",
    appidacr: "2",
    idp: "https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/",
    idtyp: "app",
    oid: "ebbbc0d9-0000-4aaa-8888-c1b1c1b1c1b1",
    rh: "0.AQ",
    sub: "ebbbc0d9-0000-4aaa-8888-c1b1c1b1c1b1",
    tid: "72f988bf-86f1-41af-91ab-2d7cd011db47",
    uti: crypto.randomUUID(),
    ver: "1.0",
    ...more,
  };
}

/** https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md: `aud` is a list, and there is no `jti`. */
export function spiffeToken(aud: string, more: Claims = {}): Claims {
  const { iat, exp } = times(300);
  return { aud: [aud], exp, iat, sub: "spiffe://acme.example/ns/agents/sa/triage", ...more };
}
