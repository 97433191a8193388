/** How an agent or gateway proves who it is: a key of its own, a token of an identity provider, a certificate. */
import type { IdentityItem, Span } from "../../dsl/index.ts";
import type { Identity } from "../../engine/index.ts";
import { assertNever } from "../assert-never.ts";
import type { Report } from "../report.ts";
import { sortedSet } from "../sorted-set.ts";
import type { Context } from "./context.ts";
import { keyProblem } from "./public-key.ts";
import { readOidcIdentity } from "./read-oidc-identity.ts";
import { readSha256 } from "./read-sha256.ts";

export interface PlacedIdentity {
  readonly identity: Identity;
  /** The key, the issuer or the fingerprint. */
  readonly span: Span;
}

/** Those without a mistake, in the order written. */
export function readIdentities(context: Context, items: readonly IdentityItem[]): readonly PlacedIdentity[] {
  return items.map(({ identity }) => readIdentity(context, identity)).filter((identity) => identity !== null);
}

/** As the table holds them: the order in which they are written means nothing. */
export function sortedIdentities(identities: readonly PlacedIdentity[]): readonly Identity[] {
  return sortedSet(identities.map(({ identity }) => identity));
}

type IdentityNode = IdentityItem["identity"];

function readIdentity(context: Context, node: IdentityNode): PlacedIdentity | null {
  switch (node.kind) {
    case "KeyIdentity":
      return readKey(node, context.report);
    case "OidcIdentity":
      return placed(readOidcIdentity(context, node), node.issuer.span);
    case "MtlsIdentity": {
      const sha256 = readSha256(node.sha256, "fingerprint of a certificate", context.report);
      return placed(sha256 && { kind: "mtls", sha256 }, node.sha256.span);
    }
    default:
      return assertNever(node);
  }
}

function placed(identity: Identity | "" | null, span: Span): PlacedIdentity | null {
  return identity ? { identity, span } : null;
}

function readKey({ algorithm, key }: IdentityNode & { kind: "KeyIdentity" }, report: Report): PlacedIdentity | null {
  if (algorithm.value !== "ed25519") {
    report.error("AP5032", {
      span: algorithm.span,
      message: `keys are \`ed25519\`, not \`${algorithm.value}\``,
      help: `make one with \`agentpolicy keys new NAME\``,
    });
    return null;
  }
  const problem = keyProblem(key.value);
  if (problem === null) return placed({ kind: "key", algorithm: "ed25519", public_key: key.value }, key.span);
  report.error("AP5033", {
    span: key.span,
    ...problem,
    help: "write its 32 bytes in base64url, 43 characters: `agentpolicy keys new NAME` prints the line",
  });
  return null;
}
