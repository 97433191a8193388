/**
 * One e-mail address: the local part of the HTML standard's grammar (ASCII), the domain canonical or refused.
 * https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address
 */
import { endsInNumber, hostProblem } from "./host.ts";

const LOCAL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+$/;
const DOMAIN_LABELS = /^[a-z0-9.-]+$/;

/** Null where the address may be taken, else what is wrong. */
export function emailProblem(text: string): string | null {
  const at = text.lastIndexOf("@");
  if (at < 1 || text.length > 254) return SHAPE;
  if (!LOCAL.test(text.slice(0, at))) return SHAPE;
  const domain = text.slice(at + 1);
  const problem = hostProblem(domain);
  if (problem !== null) return `its domain ${problem}`;
  if (!DOMAIN_LABELS.test(domain) || endsInNumber(domain)) return SHAPE;
  return null;
}

/** Before the `@` of a checked address. */
export function localOf(text: string): string {
  return text.slice(0, text.lastIndexOf("@"));
}

/** After the `@` of a checked address. */
export function domainOf(text: string): string {
  return text.slice(text.lastIndexOf("@") + 1);
}

const SHAPE = "must be one e-mail address such as `name@example.com`";
