/** Canaries in a request (docs/language.md, "Approvals, channels, breakers, canaries"), found the slow way. */
import { allCanaries } from "./declarations.ts";
import type { Json, Policy } from "./model.ts";
import { type Truth, unknown } from "./truth.ts";

/** Anywhere in the value, names too: as it stands, or under one layer of percents or base64. */
export function carriesCanary(policy: Policy, value: Json, sha256: ((text: string) => string) | undefined): Truth {
  const hashes = allCanaries(policy).map((canary) => canary.sha256.value);
  if (hashes.length === 0) return false;
  if (sha256 === undefined) return unknown("canaries");
  const forms = textsIn(value).flatMap((text) => [text, withoutPercents(text), ...fromBase64(text)]);
  return forms.some((form) => markersIn(form).some((marker) => hashes.includes(sha256(marker))));
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsIn(member)]);
}

function markersIn(text: string): readonly string[] {
  return Array.from(text.toLowerCase().matchAll(/(?=(apc_[a-z2-7]{26}))/g), (found) => found[1] ?? "");
}

function withoutPercents(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}/g, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
}

/** Whatever could be base64, from each of the places where a group of four could begin. */
function fromBase64(text: string): readonly string[] {
  const runs = text.replace(/\s+/g, "").match(/[A-Za-z0-9+/_-]+/g) ?? [];
  return runs.flatMap((run) => [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), "base64").toString("latin1")));
}
