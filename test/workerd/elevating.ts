/** Asking for a role and voting on it, as tests of the objects do it. */
import type { ElevateInput, ElevateOutput, Offer, Offers, OffersNow, VoteInput } from "../../edge/rpc.ts";
import type { Approval } from "../../engine/index.ts";
import { ana, approval, finance, type OpenSession, remainder, row, rule } from "./requests.ts";

const HALF_HOUR = 1_800_000;
const TERMS = "3".repeat(64);

export function offer(definition: Approval = approval("finance_pair"), duration = HALF_HOUR): Offer {
  return {
    approval: definition,
    duration,
    rules: [{ id: "r_clean", tier: "allow", via: null, doc: "Cleans up." }],
    terms: TERMS,
  };
}

export const offers: OffersNow = [{ role: "cleaner", via: "finance_pair", duration: HALF_HOUR, terms: TERMS }];

export function askForRole(session: OpenSession, change: Partial<ElevateInput> = {}): Promise<ElevateOutput> {
  return session.rpc.elevate({
    sequence: 1,
    agent: session.agent,
    policy: `sha256:${"0".repeat(64)}`,
    role: "cleaner",
    offer: offer(),
    against: null,
    reason: "the disk is full",
    request_digest: `sha256:${"1".repeat(64)}`,
    args: '{"for":"30m","role":"cleaner"}',
    args_sha256: "aa6044119482612867f2cb2e72f90592444c5fd3b920af2e65d339d02e2b7148",
    at: Date.now(),
    describe: { owner: "owners", purpose: "Tests" },
    lease: 10_000,
    ...change,
  });
}

/** The approval's id; throws where nobody is asked. */
export async function asked(session: OpenSession, change: Partial<ElevateInput> = {}): Promise<string> {
  const output = await askForRole(session, change);
  if (!("asked" in output) || !output.asked) throw new Error(`nobody is asked: ${JSON.stringify(output)}`);
  return output.view.id;
}

export function voteOn(session: OpenSession, id: string, change: Partial<VoteInput> = {}) {
  return session.rpc.vote({
    sequence: 1,
    approval: id,
    voter: ana,
    approvals: [approval("finance_pair")],
    groups: [finance],
    owner: "owners",
    offers,
    decision: "approve",
    reason: null,
    request_digest: `sha256:${"1".repeat(64)}`,
    ...change,
  });
}

/** Asks for what the role alone grants. */
export function clean(session: OpenSession, change: { readonly offers?: Offers; readonly sequence?: number } = {}) {
  const granted = row(rule("allow", { id: "r_clean", block: "role cleaner" }), true, { role: "cleaner" });
  const { sequence = 1 } = change;
  return session.answer({
    remainder: remainder([granted], { action: "disk.clean" }),
    sequence,
    change: { offers: change.offers ?? offers },
  });
}
