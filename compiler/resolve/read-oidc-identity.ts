/** `identity oidc ISSUER { claim "value"  claim in SET }`: which tokens of an identity provider are the agent's. */
import type { IdentityClaim as ClaimNode, IdentityItem, Name, StringLiteral } from "../../dsl/index.ts";
import type { Identity, IdentityClaim } from "../../engine/index.ts";
import { replaceWith, type Report } from "../report.ts";
import { compareText } from "../sorted-set.ts";
import { refuseText } from "../type/canonical.ts";
import { type Context, lookup } from "./context.ts";

type OidcNode = IdentityItem["identity"] & { kind: "OidcIdentity" };

/** The identity; null, with messages, where something in it is wrong. */
export function readOidcIdentity(context: Context, node: OidcNode): Identity | null {
  const { report } = context;
  const sound = soundIssuer(node.issuer, report) && notOfPeople(context, node.issuer);
  const claims = node.claims.map((claim) => readClaim(context, claim));
  const once = claimsOnce(node.claims, report);
  if (node.claims.length === 0) {
    report.error("AP5101", {
      span: node.issuer.span,
      message: "every token of this issuer would be this one's",
      label: "names no claim",
      help: 'say which tokens are meant, as in `{ sub "repo:acme/sales-bot" }`',
    });
  }
  const known = claims.filter((claim) => claim !== null);
  if (!sound || !once || known.length === 0 || known.length < claims.length) return null;
  return {
    kind: "oidc",
    issuer: node.issuer.value,
    claims: known.toSorted((a, b) => compareText(a.name, b.name)),
  };
}

const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?![^:/])/;

/** Tokens name their issuer letter by letter, so only one spelling of it can ever match. */
function soundIssuer(issuer: StringLiteral, report: Report): boolean {
  const text = issuer.value;
  if (isIssuer(text)) return true;
  const plain = text.startsWith("http:") && !LOOPBACK.test(text);
  const meant = refuseText(ISSUER, text)?.canonical ?? `https://${text}`;
  const near = isIssuer(meant) ? meant : null;
  report.error("AP5100", {
    span: issuer.span,
    message: `${JSON.stringify(text)} is no issuer`,
    label: plain ? "anybody on the way could answer for it" : null,
    help: near === null ? "write its address with `https`, without user name, query or fragment" : `write \`${near}\``,
    fix: near === null ? null : replaceWith(issuer.span, JSON.stringify(near)),
  });
  return false;
}

const ISSUER = { kind: "url", schemes: ["https", "http"] } as const;

/** `http` only for an issuer on this machine. */
function isIssuer(text: string): boolean {
  return refuseText(ISSUER, text) === null && !/[?#]/.test(text) && (text.startsWith("https:") || LOOPBACK.test(text));
}

/** A token of one of `people` could be shown as the agent's, or the agent's as a person's. */
function notOfPeople({ names, report }: Context, issuer: StringLiteral): boolean {
  const people = names.policy?.settings.find((setting) => setting.kind === "People");
  if (!people || !("issuer" in people) || issuerKey(people.issuer.value) !== issuerKey(issuer.value)) return true;
  report.error("AP5104", {
    span: issuer.span,
    message: "this issuer signs for `people`",
    label: "an agent's token could be taken for a person's",
    related: [{ span: people.issuer.span, label: "signs for people here" }],
    help: "use an issuer of its own for agents, or `identity key ed25519`",
  });
  return false;
}

/** Providers differ in the slash behind a bare host; for telling issuers apart it doesn't count. */
export function issuerKey(issuer: string): string {
  return issuer.replace(/\/$/, "");
}

/** What the edge checks by itself, or what is another in every token. */
const NOT_TELLING: readonly string[] = ["iss", "aud", "exp", "nbf", "iat", "jti", "nonce", "at_hash"];

function readClaim(context: Context, claim: ClaimNode): IdentityClaim | null {
  const name = claim.name.value;
  if (name === "") return null;
  if (NOT_TELLING.includes(name)) {
    return refuseClaim(claim.name, `\`${name}\` doesn't say whose a token is`, SAY_WHO, context.report);
  }
  if (claim.set !== null) return readValues(context, name, claim.set);
  if (claim.value === null) return null;
  if (claim.value.value !== "") return { name, values: [claim.value.value] };
  return refuseClaim(claim.value, `claim \`${name}\` is compared with an empty text`, SAY_WHO, context.report);
}

const SAY_WHO = "name a claim that says who the agent is, such as `sub`";

function readValues(context: Context, name: string, set: Name): IdentityClaim | null {
  if (context.names.by["live set"].has(set.value)) {
    const help = "use a `set`: who an agent is stands in the policy";
    return refuseClaim(set, `\`${set.value}\` changes at run time`, help, context.report);
  }
  const declared = lookup(context, "set", set);
  if (declared === null) return null;
  const texts = declared.members.filter((member) => member.kind === "String").map((member) => member.value);
  if (texts.length === declared.members.length && texts.length > 0 && !texts.includes("")) {
    return { name, values: [...new Set(texts)].toSorted() };
  }
  const help = "write a set with at least one text, and only texts";
  return refuseClaim(set, `no claim can be in \`${set.value}\``, help, context.report);
}

function refuseClaim({ span }: Name | StringLiteral, message: string, help: string, report: Report): null {
  report.error("AP5102", { span, message, label: null, help });
  return null;
}

function claimsOnce(claims: readonly ClaimNode[], report: Report): boolean {
  const seen = new Map<string, ClaimNode>();
  let once = true;
  for (const claim of claims) {
    const first = seen.get(claim.name.value);
    seen.set(claim.name.value, first ?? claim);
    if (!first) continue;
    once = false;
    report.error("AP2006", {
      span: claim.span,
      message: `claim \`${claim.name.value}\` stands twice`,
      label: "again here",
      related: [{ span: first.span, label: "first here" }],
      help: "keep one of them, or name both values with `in SET`",
    });
  }
  return once;
}
