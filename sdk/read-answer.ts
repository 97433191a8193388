/**
 * The edge's answers, read with suspicion: an answer that is incomplete, of an unknown kind, or whose permit is for
 * something else than what was asked throws `UnexpectedAnswer`, and so allows nothing.
 */
import { decodeJwt } from "jose";
import { canonicalJson, sha256Hex } from "./canonical.ts";
import { refusalFor, UnexpectedAnswer } from "./errors.ts";
import type {
  ApprovalStatus,
  AuthorizeResponse,
  DelegationResponse,
  OpenSessionResponse,
  SessionTokenResponse,
  WireApprovalState,
} from "./wire.ts";

/** What an allow must be for. */
export interface Asked {
  readonly agent: string;
  readonly session: string;
  readonly action: string;
  readonly args: object;
}

type Fields = Readonly<Record<string, unknown>>;

const STATUSES: readonly ApprovalStatus[] = ["pending", "approved", "used", "denied", "expired", "cancelled"];

export async function readAnswer(body: unknown, asked: Asked): Promise<AuthorizeResponse> {
  const answer = fields(body, "an answer");
  for (const name of ["decision_id", "reason", "message", "policy", "request_digest"]) text(answer, name);
  if (!Array.isArray(answer["rules"])) throw new UnexpectedAnswer("the edge's answer has no `rules`");
  switch (answer["decision"]) {
    case "allow":
      if (answer["tier"] !== "allow" && answer["tier"] !== "notify") {
        throw new UnexpectedAnswer("the edge's `allow` has no tier that allows");
      }
      await checkPermit(text(answer, "permit"), asked);
      break;
    case "ask":
      readApprovalRef(answer["approval"]);
      break;
    case "deny":
      break;
    default:
      throw new UnexpectedAnswer("the edge's answer is none of allow, ask, deny");
  }
  return body as AuthorizeResponse;
}

/**
 * The signature is for whoever executes the action elsewhere (`verify` in `permit.ts`); here it must only be certain
 * that the edge answered this question and no other.
 */
async function checkPermit(permit: string, asked: Asked): Promise<void> {
  let claims: Fields;
  try {
    claims = decodeJwt(permit);
  } catch {
    throw new UnexpectedAnswer("the edge's permit can't be read");
  }
  const fits =
    claims["act"] === asked.action &&
    claims["sub"] === asked.agent &&
    claims["sid"] === asked.session &&
    claims["args_sha256"] === (await sha256Hex(canonicalJson(asked.args)));
  if (!fits) throw new UnexpectedAnswer("the edge's permit is for another call than the one that was asked");
}

export function readOpened(body: unknown, agent: string): OpenSessionResponse {
  const opened = fields(body, "a session");
  readToken(body);
  const session = fields(opened["session"], "a session");
  for (const name of ["id", "root", "expires_at", "idle_expires_at"]) text(session, name);
  if (session["agent"] !== agent) throw new UnexpectedAnswer("the edge opened a session for another agent");
  return body as OpenSessionResponse;
}

export function readToken(body: unknown): SessionTokenResponse {
  const token = fields(body, "a session token");
  text(token, "token");
  if (Number.isNaN(Date.parse(text(token, "token_expires_at")))) {
    throw new UnexpectedAnswer("the edge's token has no readable expiry");
  }
  return body as SessionTokenResponse;
}

export function readTicket(body: unknown): DelegationResponse {
  const given = fields(body, "a ticket");
  for (const name of ["ticket", "expires_at"]) text(given, name);
  return body as DelegationResponse;
}

/** `id` is the approval that was asked about. */
export function readApproval(body: unknown, id: string): WireApprovalState {
  const approval = readApprovalRef(body);
  if (approval["id"] !== id) throw new UnexpectedAnswer("the edge answered about another approval");
  return body as WireApprovalState;
}

/** A question to people that the edge has just asked, or asked before. */
export function readAsked(body: unknown): WireApprovalState {
  readApprovalRef(body);
  return body as WireApprovalState;
}

/** A policy's no to opening a session or renewing its token, which are no authorizations and have shorter answers. */
export function readRefusal(body: unknown): Error {
  const answer = fields(body, "an answer");
  if (answer["decision"] !== "deny") return new UnexpectedAnswer("the edge neither did what was asked nor refused to");
  const reason = text(answer, "reason");
  const retryAfter = answer["retry_after"];
  return refusalFor(reason, text(answer, "message"), typeof retryAfter === "number" ? retryAfter : null);
}

function readApprovalRef(value: unknown): Fields {
  const approval = fields(value, "an approval");
  for (const name of ["id", "expires_at"]) text(approval, name);
  if (!STATUSES.includes(approval["status"] as ApprovalStatus)) {
    throw new UnexpectedAnswer("the edge's approval has no known status");
  }
  return approval;
}

function fields(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UnexpectedAnswer(`the edge's answer isn't ${what}`);
  }
  return value as Fields;
}

function text(from: Fields, name: string): string {
  const value = from[name];
  if (typeof value !== "string" || value === "") throw new UnexpectedAnswer(`the edge's answer has no \`${name}\``);
  return value;
}
