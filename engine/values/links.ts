/**
 * URLs and bare host names in a text, as canonical URLs. A piece that looks like a link but can't be parsed is kept as
 * it is: its host is then unknown, which never grants. What errs, errs towards seeing a link too many.
 */
import { emailProblem } from "./email.ts";
import { parseUrl } from "./url.ts";

const SEPARATORS = /[\s"'`<>()[\]{}|,;^*]+/u;
const WEB = /^(?:https?|wss?|ftp):/i;
const EDGES = /^[.!?:_~=&-]+|[.!?:_~=&-]+$/g;
/** A parser takes the dots of other scripts for dots, one behind the last label for nothing, and so invisible letters. */
const HOST_LIKE =
  /^[^/?#:@\\]*[.。．｡](?:[\p{L}\p{M}\p{Cf}][\p{L}\p{N}\p{M}\p{Cf}-]+|[0-9]{1,3})[.。．｡]?(?:[:/?#\\].*)?$/u;

export function linksOf(text: string): readonly string[] {
  const links: string[] = [];
  for (const piece of text.split(SEPARATORS)) {
    if (piece.length < 4) continue;
    const link = linkOf(piece);
    if (link !== null) links.push(link);
  }
  return links;
}

function linkOf(piece: string): string | null {
  const scheme = piece.search(/[A-Za-z][A-Za-z0-9+.-]{0,20}:\/\//);
  if (scheme >= 0) return printed(piece.slice(scheme));
  if (WEB.test(piece)) return printed(piece);
  const bare = piece.replace(EDGES, "");
  if (bare.startsWith("//") || bare.startsWith("\\\\")) return printed(`https:${bare}`);
  if (emailProblem(bare) === null) return null;
  const host = bare.slice(bare.lastIndexOf("@") + 1);
  return HOST_LIKE.test(host) ? printed(`https://${host}`) : null;
}

function printed(text: string): string {
  const url = parseUrl(text);
  if (url === null || url.hostname === "") return text.replace("://", ":");
  // Userinfo is no part of where a link leads, and members are read by position.
  return `${url.protocol}//${url.host}${url.pathname}${url.search}${url.hash}`;
}
