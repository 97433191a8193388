/**
 * Ids that the edge gives out: 130 random bits in base32. A session below another has its root's id and a number; an
 * approval's id and a ticket begin with their root's bits.
 */

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH = 26;
const ROOT = /^ses_[0-9a-hjkmnp-tv-z]{26}$/;
const SESSION = /^ses_[0-9a-hjkmnp-tv-z]{26}(\.[1-9][0-9]{0,8})?$/;
const TICKET = /^tkt_([0-9a-hjkmnp-tv-z]{26})[0-9a-hjkmnp-tv-z]{26}$/;
const APPROVAL = /^apr_([0-9a-hjkmnp-tv-z]{26})([0-9a-hjkmnp-tv-z]{26})$/;

export function newSessionId(): string {
  return `ses_${random()}`;
}

export function isSessionId(text: string): boolean {
  return SESSION.test(text);
}

/** A session that was opened by itself, below no other: its object has all that are below it. */
export function isRootId(text: string): boolean {
  return ROOT.test(text);
}

/** The session at the top of the tree, whose object has all of it. */
export function rootOf(session: string): string {
  return session.split(".", 1)[0] ?? session;
}

/** @param number one that no other session below the root has */
export function childId(root: string, number: number): string {
  return `${root}.${number}`;
}

/** Names the root session, so that its object is found; whether it is good for anything only that object knows. */
export function newTicket(root: string): string {
  if (!ROOT.test(root)) throw new Error("a ticket leads to a root session's object");
  return `tkt_${root.slice(4)}${random()}`;
}

/** Null when the text isn't a ticket. */
export function rootOfTicket(ticket: string): string | null {
  const found = TICKET.exec(ticket);
  return found === null ? null : `ses_${found[1]}`;
}

/** Holds the root session's part, so that the object which owns the approval is found without an index. */
export function newApprovalId(session: string): string {
  const root = rootOf(session);
  if (!ROOT.test(root)) throw new Error("an approval belongs to a session");
  return `apr_${root.slice(4)}${random()}`;
}

/** The root session whose object owns the approval; null when the text isn't an approval's id. */
export function sessionOfApproval(id: string): string | null {
  const found = APPROVAL.exec(id);
  return found === null ? null : `ses_${found[1]}`;
}

export function newDecisionId(): string {
  return `dec_${random()}`;
}

export function newPermitId(): string {
  return `pmt_${random()}`;
}

export function newSwitchId(): string {
  return `swt_${random()}`;
}

export function random(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(LENGTH));
  return String.fromCharCode(...bytes.map((byte) => ALPHABET.charCodeAt(byte & 31)));
}
