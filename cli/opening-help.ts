/** What somebody can do whose session isn't opened: the agent's own proof is wrong there, not a person's token. */
import { BadRequest, Denied, Killed, Unauthenticated } from "../sdk/index.ts";

export interface Opening {
  readonly agent: string;
  readonly gateway?: string;
  readonly ticket?: string;
  readonly requesterToken?: string;
}

/** Null where the message says all there is, undefined for what may happen to every command. */
export function helpForOpening(error: unknown, opening: Opening): string | null | undefined {
  const another = `\`agentpolicy sessions requester-token ${opening.agent}\``;
  if (error instanceof Killed) return "`agentpolicy switches` says who stopped it and why";
  if (error instanceof Denied && error.reason === "requester_missing")
    return `give one with \`--requester-token\`; at the dev edge ${another} prints it`;
  if (error instanceof Unauthenticated)
    return opening.requesterToken === undefined
      ? `give the key of \`${opening.gateway ?? opening.agent}\` with \`--key\`, or a fresh \`--credential\``
      : `a requester's token opens one session; at the dev edge ${another} prints another`;
  if (!(error instanceof BadRequest) || error.status !== 403) return undefined;
  return opening.gateway === undefined ? null : `name the agent behind \`for\` in \`gateway ${opening.gateway}\``;
}
