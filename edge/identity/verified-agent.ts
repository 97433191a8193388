/** What came of an agent's credential, whatever kind it is of. */
import type { Agent } from "../../engine/index.ts";
import type { Credential } from "../rpc.ts";

export type VerifyAgent =
  | {
      readonly ok: true;
      readonly agent: Agent;
      /** What is remembered so that the credential is used once. */
      readonly credential: Credential;
    }
  /** Says what to do next; nothing in it tells who the agents are. */
  | { readonly ok: false; readonly problem: string };

export function refused(problem: string): VerifyAgent {
  return { ok: false, problem };
}
