/** Ids that the edge gives out. All but the session's part of an approval's id are 130 random bits in base32. */

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH = 26;
const SESSION = /^ses_[0-9a-hjkmnp-tv-z]{26}$/;
const APPROVAL = /^apr_([0-9a-hjkmnp-tv-z]{26})([0-9a-hjkmnp-tv-z]{26})$/;

export function newSessionId(): string {
  return `ses_${random()}`;
}

export function isSessionId(text: string): boolean {
  return SESSION.test(text);
}

/** Holds the session's part, so that the object which owns the approval is found without an index. */
export function newApprovalId(session: string): string {
  if (!SESSION.test(session)) throw new Error("an approval belongs to a session");
  return `apr_${session.slice(4)}${random()}`;
}

/** The session that owns the approval; null when the text isn't an approval's id. */
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
  let text = "";
  for (const byte of bytes) text += ALPHABET[byte & 31];
  return text;
}
