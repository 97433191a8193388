/** What a switch is about, as typed. */
import type { WireSwitch } from "../sdk/index.ts";
import { usage } from "./failure.ts";

export const SCOPES = ["fleet", "agent", "session"] as const;

export interface SwitchTarget {
  readonly scope: WireSwitch["scope"];
  readonly name: string;
  /** For messages. */
  readonly shown: string;
}

/** The fleet has no name (on the wire it is `*`), everything else needs one. */
export function switchTarget(scope: string, name: string | undefined): SwitchTarget {
  const found = SCOPES.find((candidate) => candidate === scope);
  if (found === undefined) throw usage(`\`${scope}\` can't be switched`, `scopes are ${SCOPES.join(", ")}`);
  if (found === "fleet") {
    if (name !== undefined && name !== "*") throw usage("the fleet is everything, and has no name");
    return { scope: found, name: "*", shown: "the fleet" };
  }
  if (name === undefined || name === "")
    throw usage(`which ${found}?`, `give its name: \`agentpolicy kill ${found} NAME\``);
  return { scope: found, name, shown: `${found} ${name}` };
}
