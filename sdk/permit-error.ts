/** Why a permit isn't good. */

export type PermitProblem =
  | "malformed"
  | "bad_signature"
  | "keys_unreachable"
  | "wrong_issuer"
  | "wrong_audience"
  | "expired"
  | "not_yet_valid"
  | "wrong_action"
  | "wrong_arguments"
  | "already_used"
  | "killed"
  | "seen_failed";

export class PermitError extends Error {
  override readonly name = "PermitError";
  readonly problem: PermitProblem;

  constructor(problem: PermitProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
