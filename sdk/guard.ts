/**
 * The guard: `fn` runs only on an allow for these very arguments, in this session, just received. Everything else
 * (no answer, a strange answer, a person's no, a deadline) throws, and `fn` isn't called. What became of it is reported.
 */
import { denialFor } from "./errors.ts";
import { freezeArgs } from "./freeze-args.ts";
import type { FrozenArgs } from "./freeze-args.ts";
import type { OutcomeReporter } from "./report-outcomes.ts";
import type { AuthorizeOptions } from "./session.ts";
import { endOf, type Follower, untilDecided } from "./wait-for-people.ts";
import type { AuthorizeResponse, WireApprovalRef } from "./wire.ts";

export interface GuardOptions<Args extends object = object> {
  readonly resources?: (args: Readonly<Args>) => readonly string[];
  /** The agent's own words, shown to approvers as such. */
  readonly intent?: string | ((args: Readonly<Args>) => string);
  readonly confidence?: number;
  /** Milliseconds to wait for people; as long as the approval stands unless given. 0 doesn't wait. */
  readonly deadline?: number;
  readonly signal?: AbortSignal;
  /** Told when a person is asked, before the waiting. */
  readonly onAsk?: (approval: WireApprovalRef, answer: AuthorizeResponse) => void;
  /** Told when the outcome couldn't be reported, after the retries; without it a warning is printed. */
  readonly onUnreported?: (error: unknown, answer: AuthorizeResponse) => void;
}

/** What `fn` may hand on to the service that executes the action. */
export interface Permission {
  /** Signed by the edge for these arguments; `verify` of `agentpolicy/permit` checks it. */
  readonly permit: string;
  readonly answer: AuthorizeResponse;
}

export type Guarded<Args extends object, Result> = (
  args: Args,
  options?: { readonly signal?: AbortSignal },
) => Promise<Result>;

interface Asker extends Follower {
  authorize(action: string, args: FrozenArgs, options: AuthorizeOptions): Promise<AuthorizeResponse>;
  readonly report: OutcomeReporter["report"];
}

/** How often one call may be asked for again, should the policy want more each time. */
const MAX_ROUNDS = 4;

export function guard<Args extends object, Result>(
  asker: Asker,
  action: string,
  fn: (args: Args, permission: Permission) => Result | PromiseLike<Result>,
  options: GuardOptions<Args>,
): Guarded<Args, Result> {
  return async (args, call = {}) => {
    const frozen = freezeArgs(args);
    const asked = askOptions(frozen as Args, options, joinSignals(options.signal, call.signal));
    const answer = await untilAllowed(asker, action, frozen, asked, options as GuardOptions);
    asked.signal?.throwIfAborted();
    return reported(asker, answer, options.onUnreported ?? warn, async () =>
      fn(frozen as Args, { permit: answer.permit as string, answer }),
    );
  };
}

/** The caller gets what `run` gives or throws, whatever becomes of the report. */
async function reported<Result>(
  { report }: Pick<Asker, "report">,
  answer: AuthorizeResponse,
  onUnreported: NonNullable<GuardOptions["onUnreported"]>,
  run: () => Promise<Result>,
): Promise<Result> {
  const tell = (status: "ok" | "error"): Promise<void> =>
    report({ decision_id: answer.decision_id, status }, (error) => onUnreported(error, answer));
  let result: Result;
  try {
    result = await run();
  } catch (error) {
    await tell("error");
    throw error;
  }
  await tell("ok");
  return result;
}

function warn(error: unknown, { decision_id }: AuthorizeResponse): void {
  console.warn(`agentpolicy: what became of ${decision_id} couldn't be reported: ${String(error)}`);
}

/** Returns only an `allow`. */
async function untilAllowed(
  asker: Asker,
  action: string,
  args: FrozenArgs,
  asked: AuthorizeOptions,
  options: GuardOptions,
): Promise<AuthorizeResponse> {
  const giveUpAt = options.deadline === undefined ? Number.POSITIVE_INFINITY : Date.now() + options.deadline;
  let answer = await asker.authorize(action, args, asked);
  for (let round = 0; answer.decision === "ask"; round++) {
    const approval = answer.approval;
    if (approval === undefined || round === MAX_ROUNDS) throw denialFor(answer);
    options.onAsk?.(approval, answer);
    await untilApproved(asker, answer, approval, giveUpAt, asked.signal);
    // Using an approval is a request of its own, decided again by the policy and people of now.
    answer = await asker.authorize(action, args, { ...asked, approval: approval.id });
  }
  if (answer.decision !== "allow") throw denialFor(answer);
  return answer;
}

async function untilApproved(
  asker: Asker,
  answer: AuthorizeResponse,
  approval: WireApprovalRef,
  giveUpAt: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const state = await untilDecided(asker, approval.id, { giveUpAt, signal }, answer);
  if (state.status !== "approved") throw endOf(state, answer);
}

function askOptions<Args extends object>(
  args: Args,
  options: GuardOptions<Args>,
  signal: AbortSignal | undefined,
): AuthorizeOptions {
  const intent = typeof options.intent === "function" ? options.intent(args) : options.intent;
  return {
    ...(options.resources === undefined ? {} : { resources: options.resources(args) }),
    ...(intent === undefined ? {} : { intent }),
    ...(options.confidence === undefined ? {} : { confidence: options.confidence }),
    ...(signal === undefined ? {} : { signal }),
  };
}

function joinSignals(first: AbortSignal | undefined, second: AbortSignal | undefined): AbortSignal | undefined {
  return first && second ? AbortSignal.any([first, second]) : (first ?? second);
}
