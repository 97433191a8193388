/**
 * URLs that are canonical or refused: what a WHATWG parser would print is what was given, but for the slash after a
 * bare host. No userinfo, only the schemes that the parameter lists. Members are read by position, which only a
 * canonical text allows.
 */
import { hostProblem } from "./host.ts";

/** Null where the URL may be taken, else what is wrong, with the form to send where there is one. */
export function urlProblem(text: string, schemes: readonly string[]): string | null {
  const url = parseUrl(text);
  if (url === null) return "must be a URL such as `https://example.com/`";
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.includes(scheme)) return `must have the scheme ${schemes.map((name) => `\`${name}\``).join(" or ")}`;
  if (url.username !== "" || url.password !== "") return "must not carry a user name or password";
  if (url.hostname === "") return "must name a host";
  if (url.href !== text && url.href !== `${text}/`) return `must be in canonical form: send \`${url.href}\``;
  // WHATWG drops the userinfo of `https://@host/` and prints the rest, so equality above already refuses it.
  const host = hostProblem(url.hostname);
  return host === null ? null : `its host ${host}`;
}

/** The parser's own print of a checked URL: a bare host gets its slash, so that both spellings compare equal. */
export function hrefOf(text: string): string {
  const host = text.indexOf("://") + 3;
  return host < 3 || hostEnd(text, host) < text.length ? text : `${text}/`;
}

export function schemeOf(text: string): string | undefined {
  const colon = text.indexOf("://");
  return colon < 0 ? undefined : text.slice(0, colon);
}

/** Without the port; an IPv6 address keeps its brackets. */
export function urlHostOf(text: string): string | undefined {
  const start = text.indexOf("://") + 3;
  if (start < 3) return undefined;
  const authority = text.slice(start, hostEnd(text, start));
  const colon = authority.lastIndexOf(":");
  return colon > authority.lastIndexOf("]") ? authority.slice(0, colon) : authority;
}

/** The port written, or the scheme's own; undefined for a scheme that has none. */
export function portOf(text: string): number | undefined {
  const start = text.indexOf("://") + 3;
  if (start < 3) return undefined;
  const authority = text.slice(start, hostEnd(text, start));
  const colon = authority.lastIndexOf(":");
  if (colon > authority.lastIndexOf("]")) return Number(authority.slice(colon + 1));
  return DEFAULT_PORTS[text.slice(0, start - 3)];
}

export function pathOf(text: string): string | undefined {
  const start = text.indexOf("://") + 3;
  if (start < 3) return undefined;
  const path = hrefOf(text).slice(hostEnd(text, start));
  const end = path.search(/[?#]/);
  return end < 0 ? path : path.slice(0, end);
}

export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

const DEFAULT_PORTS: { readonly [scheme: string]: number | undefined } = {
  __proto__: null as unknown as undefined,
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  ftp: 21,
};

function hostEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === SLASH || code === QUESTION || code === HASH) return at;
  }
  return text.length;
}

const HASH = 35;
const SLASH = 47;
const QUESTION = 63;
