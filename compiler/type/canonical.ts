/** Whether a text is in the one form that the engine compares, and which form that would be. */
import type { ValueType } from "./value-type.ts";

export interface Refusal {
  readonly detail: string;
  /** The text to write instead, where there is one. */
  readonly canonical: string | null;
}

/** Null where values of the type can equal `text`. */
export function refuseText(type: ValueType, text: string): Refusal | null {
  switch (type.kind) {
    case "host":
      return refuseHost(text);
    case "email":
      return refuseEmail(text);
    case "url":
      return refuseUrl(text);
    case "uuid":
      return refuseUuid(text);
    case "ip":
      return refuseIp(text);
    case "principal":
      return text.includes("@") ? (refuseEmail(text) ?? lower(text)) : null;
    case "country":
      return /^[A-Z]{2}$/.test(text)
        ? null
        : { detail: "a country is two capital letters, as in `DE`", canonical: null };
    case "path":
      return refusePath(text);
    default:
      return null;
  }
}

/**
 * A number as written, in canonical form (`50.10` is `50.1`); null where it isn't a decimal of up to 12 integer and
 * 6 fraction digits.
 */
export function canonicalDecimal(text: string): string | null {
  const parts = /^(-?)0*(\d+)(?:\.(\d+?)0*)?$/.exec(text);
  if (!parts) return null;
  const [, sign = "", whole = "", decimals = ""] = parts;
  const fraction = /^0*$/.test(decimals) ? "" : decimals;
  if (whole.length > 12 || fraction.length > 6) return null;
  const magnitude = fraction === "" ? whole : `${whole}.${fraction}`;
  return magnitude === "0" ? "0" : `${sign}${magnitude}`;
}

function refuseHost(text: string): Refusal | null {
  const host = hostOf(text);
  if (host === text) return null;
  return { detail: "write a host name or address, as in `acme.example`", canonical: host };
}

function hostOf(text: string): string | null {
  if (/[/?#@:\\\s]/u.test(text) && !text.startsWith("[")) return null;
  try {
    const { hostname } = new URL(`https://${text}/`);
    return hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
  } catch {
    return null;
  }
}

function refuseEmail(text: string): Refusal | null {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, at);
  const host = hostOf(text.slice(at + 1));
  if (at < 1 || host === null || !/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+$/.test(local)) {
    return { detail: "write one address, as in `ana@acme.example`", canonical: null };
  }
  const canonical = `${local}@${host}`;
  return canonical === text ? null : { detail: "", canonical };
}

function lower(text: string): Refusal | null {
  const canonical = text.toLowerCase();
  return canonical === text ? null : { detail: "", canonical };
}

function refuseUrl(text: string): Refusal | null {
  try {
    const url = new URL(text);
    if (url.username !== "" || url.password !== "")
      return { detail: "a url has no user name or password", canonical: null };
    if (url.href === text || url.href === `${text}/`) return null;
    return { detail: "", canonical: url.href };
  } catch {
    return { detail: "write a whole address, as in `https://acme.example/a`", canonical: null };
  }
}

function refuseUuid(text: string): Refusal | null {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return null;
  const canonical = text.toLowerCase();
  const detail = "write it as `123e4567-e89b-12d3-a456-426614174000`";
  return { detail, canonical: canonical === text ? null : canonical };
}

function refuseIp(text: string): Refusal | null {
  const host = hostOf(text.includes(":") ? `[${text}]` : text);
  const canonical = host === null ? null : host.replace(/^\[|\]$/g, "");
  if (canonical === text && /^[\d.]+$|:/.test(text)) return null;
  const detail = "write an address, as in `192.0.2.1` or `2001:db8::1`";
  return { detail, canonical: canonical !== null && /^[\d.]+$|:/.test(canonical) ? canonical : null };
}

function refusePath(text: string): Refusal | null {
  const bad = text.split("/").find((segment) => segment === "" || segment === "." || segment === "..");
  return bad === undefined ? null : { detail: "write a path of whole segments, as in `src/main.ts`", canonical: null };
}
