/**
 * Why a guarded function was not called. Every class stands for one thing that a caller may want to handle; all are
 * `AgentPolicyError`, so that one `catch` can treat them as what they are together: not allowed.
 */
import type { AuthorizeResponse, WireApprovalState, WireFault, WireLimit, WireRule } from "./wire.ts";

export class AgentPolicyError extends Error {
  override readonly name: string = "AgentPolicyError";
  /** Machine-readable: a reason of `docs/http-api.md`, or one of the client's own (`edge_unreachable`, …). */
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** The policy said no, or asked and nobody said yes. */
export class Denied extends AgentPolicyError {
  override readonly name: string = "Denied";
  /** The rules and limits that made the answer. */
  readonly rules: readonly WireRule[];
  /** What the edge said; null when no answer to this very call exists (an approval ended, a session wasn't opened). */
  readonly answer: AuthorizeResponse | null;

  constructor(reason: string, message: string, answer: AuthorizeResponse | null = null) {
    super(reason, message);
    this.rules = answer?.rules ?? [];
    this.answer = answer;
    // An error that nobody catches is printed with all that can be listed of it, and the message would be lost above it.
    Object.defineProperty(this, "answer", { enumerable: false });
  }
}

/** `invalid_argument`: `errors` says which argument and why. */
export class InvalidArgument extends Denied {
  override readonly name = "InvalidArgument";
  readonly errors: readonly WireFault[];

  constructor(reason: string, message: string, answer: AuthorizeResponse | null = null) {
    super(reason, message, answer);
    this.errors = answer?.errors ?? [];
  }
}

export class LimitExceeded extends Denied {
  override readonly name = "LimitExceeded";
  readonly limits: readonly WireLimit[];
  /** Seconds until the same call fits again; null: not in this session. */
  readonly retryAfter: number | null;

  constructor(
    reason: string,
    message: string,
    answer: AuthorizeResponse | null = null,
    retryAfter: number | null = null,
  ) {
    super(reason, message, answer);
    this.limits = answer?.limits ?? [];
    this.retryAfter = answer?.retry_after ?? retryAfter;
  }
}

/** A person or a breaker flipped a switch (`killed`) or froze the session (`frozen`). */
export class Killed extends Denied {
  override readonly name = "Killed";
}

export class SessionExpired extends Denied {
  override readonly name = "SessionExpired";
}

/** A person refused, or the question was called off. */
export class ApprovalDenied extends Denied {
  override readonly name = "ApprovalDenied";
  /** What the person wrote; null without. */
  readonly words: string | null;

  constructor(reason: string, message: string, answer: AuthorizeResponse | null = null, words: string | null = null) {
    super(reason, message, answer);
    this.words = words;
  }
}

/** Nobody decided in time, or the approval wasn't used in time. */
export class ApprovalExpired extends Denied {
  override readonly name = "ApprovalExpired";
}

/** The approval had been used already, or was given for something else. */
export class ApprovalNotUsable extends Denied {
  override readonly name = "ApprovalNotUsable";
}

/** The caller's own deadline passed while people still had time: the question goes on standing at the edge. */
export class ApprovalPending extends Denied {
  override readonly name = "ApprovalPending";
  readonly approval: WireApprovalState;

  constructor(approval: WireApprovalState, answer: AuthorizeResponse | null) {
    super("approval_pending", `nobody has decided approval \`${approval.id}\` yet`, answer);
    this.approval = approval;
  }
}

/** No usable answer: network, time-out, 5xx. Whether the edge saw the request is unknown. */
export class EdgeUnreachable extends AgentPolicyError {
  override readonly name = "EdgeUnreachable";
  /** Whether asking the same again may help: not after a 500. */
  readonly transient: boolean;

  constructor(message: string, options?: ErrorOptions & { readonly transient?: boolean }) {
    super("edge_unreachable", message, options);
    this.transient = options?.transient ?? true;
  }
}

/** Something answered, but not in this protocol. Never read as permission. */
export class UnexpectedAnswer extends AgentPolicyError {
  override readonly name = "UnexpectedAnswer";

  constructor(message: string) {
    super("unexpected_answer", message);
  }
}

/** 401: the key, the requester's token or the session token isn't accepted. */
export class Unauthenticated extends AgentPolicyError {
  override readonly name = "Unauthenticated";

  constructor(message: string) {
    super("unauthenticated", message);
  }
}

/** 429: asked too often. */
export class TooManyRequests extends AgentPolicyError {
  override readonly name = "TooManyRequests";
  /** Seconds; null when the edge doesn't say. */
  readonly retryAfter: number | null;

  constructor(message: string, retryAfter: number | null) {
    super("too_many_requests", message);
    this.retryAfter = retryAfter;
  }
}

/** Any other 4xx: the question could not be asked as it stands. */
export class BadRequest extends AgentPolicyError {
  override readonly name = "BadRequest";
  readonly status: number;
  readonly errors: readonly WireFault[];

  constructor(status: number, message: string, errors: readonly WireFault[]) {
    super("bad_request", message);
    this.status = status;
    this.errors = errors;
  }
}

/** The error for an answer that isn't an allow. */
export function denialFor(answer: AuthorizeResponse): Denied {
  return errorFor(answer.reason, answer.message, answer, null);
}

/** The error for a refusal that is no answer to an authorization. `retryAfter` in seconds. */
export function refusalFor(reason: string, message: string, retryAfter: number | null): Denied {
  return errorFor(reason, message, null, retryAfter);
}

function errorFor(
  reason: string,
  message: string,
  answer: AuthorizeResponse | null,
  retryAfter: number | null,
): Denied {
  switch (reason) {
    case "invalid_argument":
      return new InvalidArgument(reason, message, answer);
    case "limit_exceeded":
      return new LimitExceeded(reason, message, answer, retryAfter);
    case "killed":
    case "frozen":
      return new Killed(reason, message, answer);
    case "session_expired":
      return new SessionExpired(reason, message, answer);
    case "approval_denied":
      return new ApprovalDenied(reason, message, answer);
    case "approval_expired":
      return new ApprovalExpired(reason, message, answer);
    case "approval_used":
    case "approval_mismatch":
      return new ApprovalNotUsable(reason, message, answer);
    default:
      return new Denied(reason, message, answer);
  }
}
