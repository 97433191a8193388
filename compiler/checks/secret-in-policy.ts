/**
 * AP4112: a credential in the text of a policy, or a webhook's address, which is one too. Policies are reviewed, kept
 * in version control and shown on pages, and the table holds their texts.
 */
import type { ChannelDeclaration, Declaration, File, Source, Span, StringLiteral } from "../../dsl/index.ts";
import { holdsSecret } from "../../engine/index.ts";
import type { CheckContext } from "./check.ts";

export function checkSecretInPolicy(context: CheckContext): void {
  const addresses = new Set<StringLiteral>();
  for (const channel of context.names.by.channel.values()) {
    const found = secretOf(channel);
    if (found === null) continue;
    addresses.add(found);
    reportAddress(channel, found, context);
  }
  for (const text of context.files.flatMap(credentialsIn))
    if (!addresses.has(text)) reportCredential(text.span, context);
  for (const span of commentsOf(context)) reportCredential(span, context);
}

/** Whoever checks again and again has read most files before. */
const known = new WeakMap<File, readonly StringLiteral[]>();

function credentialsIn(file: File): readonly StringLiteral[] {
  const before = known.get(file);
  if (before !== undefined) return before;
  const found: StringLiteral[] = [];
  const look = (text: StringLiteral): void => {
    if (holdsSecret(text.value, "")) found.push(text);
  };
  for (const declaration of file.declarations) if (isOwnText(declaration)) eachText(declaration, look);
  known.set(file, found);
  return found;
}

/** A test of `args contain secrets` must be able to show something that looks like one. */
function isOwnText(declaration: Declaration): boolean {
  return declaration.kind !== "Test";
}

/** Every node of a policy comes by here, so nothing is built on the way. */
function eachText(node: object, look: (text: StringLiteral) => void): void {
  // A public key is as random as a secret is, and may look like any.
  if ("kind" in node && node.kind === "KeyIdentity") return;
  if (isText(node)) return look(node);
  for (const key in node) {
    if (key === "span") continue;
    const part: unknown = node[key as keyof typeof node];
    if (typeof part === "object" && part !== null) eachText(part, look);
  }
}

function isText(node: object): node is StringLiteral {
  return "kind" in node && node.kind === "String";
}

/** Comments, also those that document: they go into the table. */
function commentsOf({ files, sources }: CheckContext): readonly Span[] {
  const comments = files.flatMap((file) => file.comments.filter(({ text }) => holdsSecret(text, "")));
  return [...comments.map(({ span }) => span), ...sources.flatMap(docLines)];
}

function docLines({ name, text }: Source): readonly Span[] {
  return [...text.matchAll(/^[ \t]*(\/\/\/.*)$/gm)].flatMap(({ 0: line, 1: doc = "", index }) => {
    const start = index + line.length - doc.length;
    return holdsSecret(doc, "") ? [{ source: name, start, end: start + doc.trimEnd().length }] : [];
  });
}

/** The part of a channel that opens it to whoever reads it; null where there is none. */
function secretOf({ address, secret }: ChannelDeclaration): StringLiteral | null {
  if (address !== null && isSecretAddress(address.value)) return address;
  // The secret itself where its name belongs.
  const isValue = secret !== null && (secret.value.includes("://") || holdsSecret(secret.value, ""));
  return isValue ? secret : null;
}

/** Services where knowing an address is all that it takes to write there. */
const HOOKS =
  /^(?:hooks\.slack\.com|discord(?:app)?\.com|.*\.webhook\.office\.com|chat\.googleapis\.com|api\.telegram\.org)$/;

/** By its host, by what stands before an `@`, or by a part of its path or query that nobody could guess. */
function isSecretAddress(address: string): boolean {
  if (holdsSecret(address, "")) return true;
  const [, authority = "", rest = ""] = /^[a-z]+:\/\/([^/?#]*)(.*)$/i.exec(address) ?? [];
  if (authority === "") return false;
  const host = authority.replace(/^.*@/, "").replace(/:\d*$/, "").toLowerCase();
  if (authority.includes("@") || (HOOKS.test(host) && rest.length > 1)) return true;
  return rest.split(/[/?&=#]/).some((part) => holdsSecret(part, "token"));
}

function reportAddress({ name, medium }: ChannelDeclaration, found: StringLiteral, { report }: CheckContext): void {
  const secret = `${name.value.toUpperCase().replaceAll("-", "_")}_WEBHOOK`;
  report.warning("AP4112", {
    span: found.span,
    message: `whoever reads the policy can write to channel \`${name.value}\``,
    label: "this address is a secret",
    help: `write \`channel ${name.value} = ${medium.value} secret "${secret}"\`, give it to the edge by that name, and replace it: the policy's history keeps it`,
  });
}

function reportCredential(span: Span, { report }: CheckContext): void {
  report.warning("AP4112", {
    span,
    message: "there are no secrets in a policy, and this looks like one",
    label: "looks like a credential",
    help: "remove it, and revoke it: the policy's history keeps it",
  });
}
