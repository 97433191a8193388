/** Asking for a role for a while: `POST /v1/elevations`. */
import type { Approval, MayBecome, Reason } from "../../engine/index.ts";
import type { Caller, Refusal } from "./caller.ts";
import type { Answer, ApprovalView } from "./session-rpc.ts";

export interface ElevateInput extends Caller {
  /** Hash of the table. */
  readonly policy: string;
  readonly role: string;
  /** What the policy offers the agent; null: not this role. */
  readonly offer: Offer | null;
  /** What else speaks against it, before any session is looked at. */
  readonly against: { readonly reason: Reason; readonly message: string } | null;
  /** The agent's own words. */
  readonly reason: string;
  readonly request_digest: string;
  /** What is kept beside the record and shown: canonical JSON of the role and its duration. */
  readonly args: string;
  readonly args_sha256: string;
  /** The Worker's clock; more than 5 s away from the object's is refused (`overloaded`). */
  readonly at: number;
  readonly describe: { readonly owner: string; readonly purpose: string };
  /** Of the policy. */
  readonly lease: number;
}

export interface Offer {
  readonly approval: Approval;
  /** Milliseconds. */
  readonly duration: number;
  /** The role's own. */
  readonly rules: Answer["rules"];
  /** Digest of all that the role says: an approval of it is for nothing else. */
  readonly terms: string;
}

export type ElevateOutput =
  | { readonly asked: true; readonly view: ApprovalView }
  /** A policy answer. */
  | {
      readonly asked: false;
      readonly reason: Reason;
      readonly message: string;
      readonly retry_after: number | null;
    }
  | Refusal;

/** What a policy offers one agent today. */
export type Offers = readonly MayBecome[];

/** The same, with what each role says today. */
export type OffersNow = readonly (MayBecome & Pick<Offer, "terms">)[];
