/** By what an agent or a gateway is known: keys, certificates, and tokens of an issuer with its claims. */
import type { Identity, IdentityClaim } from "../../../engine/index.ts";
import type { Direction } from "./policy-diff.ts";
import { listed } from "./listed.ts";

export interface IdentityChange {
  readonly direction: Direction;
  readonly change: string;
}

type Oidc = Extract<Identity, { kind: "oidc" }>;

/** Identities of one issuer are compared claim by claim, where each side has one of its own. */
export function identityChanges(before: readonly Identity[], after: readonly Identity[]): readonly IdentityChange[] {
  const gone = before.filter((one) => !holds(after, one));
  const come = after.filter((one) => !holds(before, one));
  const pairs = gone.flatMap((old) => {
    const now = counterpart(old, gone, come);
    return now === null || old.kind !== "oidc" ? [] : [{ old, now }];
  });
  const paired = new Set<Identity>(pairs.flatMap(({ old, now }) => [old, now]));
  return [
    ...come.filter((one) => !paired.has(one)).map((one) => looser(`identity ${identityText(one)} added`)),
    ...pairs.flatMap(({ old, now }) => claimChanges(old, now)),
    ...gone.filter((one) => !paired.has(one)).map((one) => stricter(`identity ${identityText(one)} removed`)),
  ];
}

function looser(change: string): IdentityChange {
  return { direction: "looser", change };
}

function stricter(change: string): IdentityChange {
  return { direction: "stricter", change };
}

function holds(list: readonly Identity[], one: Identity): boolean {
  return list.some((other) => JSON.stringify(other) === JSON.stringify(one));
}

function counterpart(old: Identity, gone: readonly Identity[], come: readonly Identity[]): Oidc | null {
  if (old.kind !== "oidc") return null;
  const ofIssuer = (list: readonly Identity[]): readonly Oidc[] =>
    list.filter((one): one is Oidc => one.kind === "oidc" && one.issuer === old.issuer);
  const [now, ...others] = ofIssuer(come);
  return now !== undefined && others.length === 0 && ofIssuer(gone).length === 1 ? now : null;
}

function claimChanges(old: Oidc, now: Oidc): readonly IdentityChange[] {
  const where = `identity of \`${old.issuer}\``;
  const names = [...new Set([...old.claims, ...now.claims].map(({ name }) => name))].toSorted();
  return names.flatMap((name) => {
    const [before, after] = [valuesOf(old.claims, name), valuesOf(now.claims, name)];
    if (after === null) return [looser(`${where}: claim \`${name}\` isn't asked for any more`)];
    if (before === null) return [stricter(`${where}: claim \`${name}\` is asked for too`)];
    const came = after.filter((value) => !before.includes(value)).map((value) => JSON.stringify(value));
    const went = before.filter((value) => !after.includes(value)).map((value) => JSON.stringify(value));
    return [
      ...(came.length === 0 ? [] : [looser(`${where}: claim \`${name}\` may be ${listed(came)} too`)]),
      ...(went.length === 0 ? [] : [stricter(`${where}: claim \`${name}\` may not be ${listed(went)} any more`)]),
    ];
  });
}

function valuesOf(claims: readonly IdentityClaim[], name: string): readonly string[] | null {
  const found = claims.filter((claim) => claim.name === name);
  return found.length === 0 ? null : found.flatMap(({ values }) => values);
}

/** `key ed25519 "PUAX…"`, as policies write it but for the claims' layout. */
function identityText(identity: Identity): string {
  switch (identity.kind) {
    case "key":
      return `key ${identity.algorithm} "${identity.public_key}"`;
    case "mtls":
      return `mtls sha256 "${identity.sha256}"`;
    case "oidc": {
      const claims = identity.claims.map(({ name, values }) => `${name} ${listed(values.map((one) => `"${one}"`))}`);
      return `oidc "${identity.issuer}"${claims.length === 0 ? "" : ` with ${claims.join(" and ")}`}`;
    }
  }
}
