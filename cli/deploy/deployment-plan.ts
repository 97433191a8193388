/** What a deployment is made of, decided before anything is written or sent. */
import type { Table } from "../../engine/index.ts";
import type { ExportsFile } from "../exports-file.ts";
import { usage } from "../failure.ts";
import { nearest } from "../nearest.ts";

export interface DeploymentPlan {
  /** Name of the Worker. */
  readonly worker: string;
  readonly environment: string;
  /** `https://…`, without a path; null in a dry run that needs none. */
  readonly origin: string | null;
  readonly sequence: number;
  readonly region: string | null;
  /** Where records are exported to; null: nowhere. */
  readonly exports: ExportsFile | null;
}

/** Refuses what a deployed Worker would refuse to start with, or what nobody could stop once it runs. */
export function environmentFor(table: Table, wanted: string | undefined): string {
  const { environments } = table.body.settings;
  if (wanted === "development") {
    throw usage("`development` is the environment of `agentpolicy dev`, and is never deployed");
  }
  if (wanted !== undefined) {
    if (environments.includes(wanted)) return wanted;
    throw usage(`the policy has no environment \`${wanted}\``, nearest(wanted, environments));
  }
  if (environments.includes("production")) return "production";
  const [only] = environments;
  if (only !== undefined && environments.length === 1) return only;
  throw usage("which environment?", `give \`--env\` one of ${environments.join(", ")}`);
}

/** Why the policy can't be deployed as it is; empty when it can. */
export function obstacles(table: Table): readonly string[] {
  const { people, requesters, operators } = table.body.settings;
  const found: string[] = [];
  for (const [role, issuer] of [
    ["people", people],
    ["requesters", requesters],
  ] as const) {
    if (issuer !== null && !issuer.issuer.startsWith("https://")) {
      found.push(`\`${role}\` come from \`${issuer.issuer}\`, a development issuer; name your identity provider`);
    }
  }
  for (const { name, identities } of [...table.body.agents, ...table.body.gateways])
    for (const identity of identities)
      if (identity.kind === "oidc" && !identity.issuer.startsWith("https://"))
        found.push(
          `\`${name}\` is known by \`${identity.issuer}\`, an issuer on this machine; name its identity provider`,
        );
  if (people === null) found.push("the policy has no `people`, so that nobody could approve or stop anything");
  if (operators.length === 0) found.push("the policy has no `operators`, so that nobody could flip a kill switch");
  return found;
}

/** Names of nobody (RFC 2606, RFC 6761), as `init` and the examples write them until somebody puts in their own. */
const NOBODYS = /(^|\.)(example|example\.(com|net|org)|invalid|test)$/;

/** What was never filled in: nobody can sign in at an address that belongs to nobody. */
export function placeholders(table: Table): readonly string[] {
  const { people, requesters } = table.body.settings;
  const named = [
    ["people", people],
    ["requesters", requesters],
  ] as const;
  return named.flatMap(([role, issuer]) => {
    if (issuer === null || !isNobodys(issuer.issuer)) return [];
    return [`\`${role}\` come from \`${issuer.issuer}\`, a placeholder; name your identity provider`];
  });
}

function isNobodys(issuer: string): boolean {
  return URL.canParse(issuer) && NOBODYS.test(new URL(issuer).hostname);
}

/** Only what names a Worker: letters, digits and dashes, at most 54 so that an environment still fits. */
export function workerName(table: Table, environment: string): string {
  const base = table.body.name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 40);
  return `agentpolicy-${base || "policy"}${environment === "production" ? "" : `-${environment.slice(0, 10)}`}`;
}

export function deploymentOrigin(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw usage(`\`${text}\` is no address`, "give `--origin https://policy.example`");
  }
  if (url.protocol !== "https:" || url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw usage(
      `\`${text}\` is no origin`,
      "an edge has an https address without a path, such as `https://policy.example`",
    );
  }
  return url.origin;
}
