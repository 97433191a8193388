/** Why a request is denied before any rule, said so that the reader knows what to do next. */
import type { Agent } from "../table.ts";
import type { Request } from "../request.ts";
import type { Denial, Fault } from "../remainder.ts";
import { MOST_FAULTS } from "../arguments/fault.ts";

export function unknownAgent(agent: string): Denial {
  return denial("unknown_agent", `agent \`${agent}\` isn't in the policy: declare it, or ask as one that is`);
}

export function reviewOverdue({ name, review_by }: Agent): Denial {
  const day = new Date(review_by).toISOString().slice(0, 10);
  const message = `agent \`${name}\` should have been reviewed before ${day}: its owner reviews it and moves \`review by\``;
  return denial("review_overdue", message);
}

export function unknownAction({ action }: Request): Denial {
  return denial("unknown_action", `action \`${action}\` isn't in the policy: names are exact, check the spelling`);
}

export function invalidArgument({ action }: Request, faults: readonly Fault[]): Denial {
  const [first] = faults;
  const more = faults.length > 1 ? `, and ${faults.length - 1} more` : "";
  const message = `\`${action}\` has invalid arguments: \`${first?.pointer ?? ""}\` ${first?.detail ?? ""}${more}`;
  return { reason: "invalid_argument", message, faults: faults.slice(0, MOST_FAULTS), unknown: [] };
}

export function toolChanged({ action }: Request): Denial {
  const message = `the tool of \`${action}\` isn't as it was when it was reviewed: review it and take its new catalogue into the policy`;
  return denial("tool_changed", message);
}

export function canaryCarried({ action }: Request): Denial {
  const message = `the arguments of \`${action}\` carry a canary, which was planted in data to show where it goes: leave out what you copied, and tell the agent's owner`;
  return denial("canary", message);
}

export function canariesUnknown({ action }: Request): Denial {
  const message = `whether the arguments of \`${action}\` carry a canary can't be known here: whoever decides has to give \`sha256\` with the request`;
  return { ...denial("unknown_fact", message), unknown: ["canaries"] };
}

export function resourceMismatch(resources: readonly string[]): Denial {
  const computed = resources.map((resource) => `\`${resource}\``).join(", ");
  const message = `the stated resources aren't those that the arguments name: leave them out, or state ${computed === "" ? "none" : computed}`;
  return denial("resource_mismatch", message);
}

export function requesterMissing(why: string): Denial {
  return denial("requester_missing", `${why}: open the session with a requester's token`);
}

function denial(reason: Denial["reason"], message: string): Denial {
  return { reason, message, faults: [], unknown: [] };
}
