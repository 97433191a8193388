/** What a switch is about, as typed. */
import type { WireSwitch } from "../sdk/index.ts";
import { usage } from "./failure.ts";
import type { Failure } from "./failure.ts";

export const SCOPES = ["fleet", "agent", "role", "action", "class", "requester", "session"] as const;

/** How a name is called in messages, where it isn't `NAME`. */
const CALLED: { readonly [scope in WireSwitch["scope"]]?: string } = { requester: "ADDRESS", session: "ID" };

const NAMED = SCOPES.filter((scope) => scope !== "fleet")
  .map((scope) => `\`${scope} ${CALLED[scope] ?? "NAME"}\``)
  .join(", ");

/** What is told after a kill of something that only some requests rest on. */
export const AFTER_KILL: { readonly [scope in WireSwitch["scope"]]?: string } = {
  role: "what the role restricts goes on being restricted, and what another role grants too is still allowed",
  class: "an action whose class depends on its arguments is stopped where it may be of this class",
};

export interface SwitchTarget {
  readonly scope: WireSwitch["scope"];
  readonly name: string;
  /** For messages. */
  readonly shown: string;
}

/** The fleet has no name (on the wire it is `*`), everything else needs one. */
export function switchTarget(verb: "kill" | "lift", scope: string, name: string | undefined): SwitchTarget {
  const found = SCOPES.find((candidate) => candidate === scope);
  if (found === undefined) throw notAScope(verb, scope, name);
  if (found === "fleet") {
    if (name !== undefined && name !== "*") throw usage("the fleet is everything, and has no name");
    return { scope: found, name: "*", shown: "the fleet" };
  }
  if (name === undefined || name === "")
    throw usage(`which ${found}?`, `say which: \`agentpolicy ${verb} ${found} ${CALLED[found] ?? "NAME"}\``);
  return { scope: found, name, shown: `${found} ${name}` };
}

/** Somebody who has to stop something now should be able to copy what is right. */
function notAScope(verb: string, scope: string, name: string | undefined): Failure {
  const guess = name === undefined ? `; if it is an agent: \`agentpolicy ${verb} agent ${scope}\`` : "";
  return usage(
    `there is no \`${scope}\` to ${verb}: say \`fleet\` (everything), or what and which: ${NAMED}`,
    `everything is \`agentpolicy ${verb} fleet\`${guess}`,
  );
}

/** @param what goes on record with the reason */
export function requireReason(reason: string | undefined, what = "a switch"): string {
  if (reason !== undefined && reason.trim() !== "") return reason;
  throw usage(`why? ${what} goes on record with a reason`, 'add `--reason "…"`');
}
