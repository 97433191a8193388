/** Opening a root session. */
import type { OpenInput, OpenOutput, SwitchNotice } from "../../rpc.ts";
import { openingState } from "../opening-state.ts";
import { admitAndBegin, type Begun, heldBack, type Opening } from "./admit-and-begin.ts";
import { beginSession, lifetimeEnd } from "./life.ts";
import type { SessionContext } from "./session-context.ts";
import { readSession } from "./session-row.ts";
import { readHold, storeNotice } from "./switch-store.ts";
import { toBeCounted, type WeighedOpening, weighOpening } from "./weigh-opening.ts";

export async function openSession(opening: Opening, input: OpenInput): Promise<OpenOutput> {
  const { context } = opening;
  if (readSession(context.sql) !== null) return alreadyOpen();
  const now = context.clock.now();
  const { sequence, agent, session, starts_with, lease } = input;
  const unused = { used: 0n, admits_at: now };
  const weighed = weighOpening(
    input.opening,
    openingState(starts_with, now, () => unused),
  );
  const candidate = {
    sequence,
    agent,
    session,
    credentials: [input.credential, ...(input.requester_credential === null ? [] : [input.requester_credential])],
    ...toBeCounted(input.opening, weighed),
    starts_with,
    lease,
    until: lifetimeEnd(input, now),
  };
  return admitAndBegin(opening, candidate, (notice) => begin(context, input, weighed, notice));
}

/** What happened while the agent's object was asked counts: another call may have opened or frozen it. */
function begin(context: SessionContext, input: OpenInput, weighed: WeighedOpening, notice: SwitchNotice): Begun {
  if (readSession(context.sql) !== null) return alreadyOpen();
  if (weighed.kind === "refused") return { opened: false, ...weighed.refusal };
  storeNotice(context.sql, notice);
  const { session, agent, requester } = input;
  const hold = readHold(context.sql, { chain: [{ session, agent }], requester });
  if (hold !== null) return heldBack(hold);
  const now = context.clock.now();
  const row = beginSession(context, input, now);
  return { row };
}

function alreadyOpen(): Exclude<OpenOutput, { readonly opened: true }> {
  return { refused: "conflict", detail: "this session was opened before" };
}
