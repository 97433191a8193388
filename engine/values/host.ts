/**
 * Host names in the one form that may be compared: what a WHATWG URL parser prints (lower case, A-labels, dotted
 * IPv4). Anything else that a resolver would take for the same host is refused, so that two texts are equal exactly
 * when the hosts are.
 */

/** Null where the host is canonical, else what is wrong, with the form to send where there is one. */
export function hostProblem(text: string): string | null {
  if (isPlainHost(text)) return null;
  if (text.endsWith(".")) return `must not end in a dot${suggestion(canonicalHost(text.slice(0, -1)))}`;
  const canonical = canonicalHost(text);
  if (canonical === null) return "must be a host name such as `example.com`";
  if (canonical !== text) return `must be in canonical form${suggestion(canonical)}`;
  if (isMappedAddress(text)) return "must not be an IPv4 address mapped into IPv6: send the IPv4 address";
  return null;
}

/** What a WHATWG parser makes of the host; null where it refuses it or it would spill into other parts of a URL. */
export function canonicalHost(text: string): string | null {
  if (text.length > 253 || text === "" || /[/\\?#@\s]/.test(text) || text.includes("..") || text.startsWith(".")) {
    return null;
  }
  try {
    const url = new URL(`https://${text}/`);
    return url.port === "" && url.username === "" && url.pathname === "/" && !/:[0-9]*$/.test(unbracketed(text))
      ? url.hostname
      : null;
  } catch {
    return null;
  }
}

/** Does WHATWG read this as an IPv4 address, in whatever spelling (`127.1`, `0x7f.1`, `2130706433`)? */
export function endsInNumber(host: string): boolean {
  const last = host.slice(host.lastIndexOf(".") + 1);
  return /^(?:[0-9]+|0x[0-9a-f]*)$/i.test(last);
}

/** `[::ffff:7f00:1]` reaches 127.0.0.1 but would compare unequal to it. */
function isMappedAddress(host: string): boolean {
  return host.startsWith("[::ffff:");
}

/**
 * The common case without a parser: labels of lower-case letters, digits and hyphens, none of them punycode, the last
 * one no number. A WHATWG parser prints such a host unchanged.
 */
export function isPlainHost(text: string): boolean {
  const length = text.length;
  if (length === 0 || length > 253) return false;
  let start = 0;
  let letters = false;
  for (let at = 0; at <= length; at++) {
    const code = at === length ? DOT : text.charCodeAt(at);
    if (code === DOT) {
      if (at === start || at - start > 63) return false;
      if (at === length) return letters;
      start = at + 1;
      letters = false;
    } else if (code >= LOWER_A && code <= LOWER_Z) {
      // `xn--…` may be punycode and `0x…` a number: the parser decides.
      if (code === LOWER_X && (text.startsWith("xn--", at) || text.startsWith("0x", start))) return false;
      letters = true;
    } else if (code === HYPHEN) letters = true;
    else if (code < DIGIT_0 || code > DIGIT_9) return false;
  }
  return false;
}

function unbracketed(text: string): string {
  return text.startsWith("[") ? text.slice(text.indexOf("]") + 1) : text;
}

function suggestion(canonical: string | null): string {
  return canonical === null || canonical === "" ? "" : `: send \`${canonical}\``;
}

const DOT = 46;
const HYPHEN = 45;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const LOWER_A = 97;
const LOWER_X = 120;
const LOWER_Z = 122;
