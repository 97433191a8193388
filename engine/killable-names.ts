/**
 * What of a policy a kill switch can be for. One for a name that isn't here stops nothing under this policy, which
 * whoever flips or changes the policy has to be told. Pure.
 */
import { OPENING } from "./match/opening.ts";
import type { TableBody } from "./table.ts";

type Scope = "fleet" | "agent" | "role" | "action" | "class" | "requester" | "session";

/** Null for a scope whose names aren't the policy's to list. */
export function killableNames(body: TableBody, scope: Scope): ReadonlySet<string> | null {
  switch (scope) {
    case "agent":
      return new Set(body.agents.map(({ name }) => name));
    case "role":
      return rolesOf(body);
    case "action":
      return new Set([...body.actions.map(({ name }) => name), OPENING.name]);
    case "class":
      return new Set(body.classes);
    case "fleet":
    case "requester":
    case "session":
      return null;
  }
}

/** A role without rules has no block, and a role that nobody has grants nothing: both may be killed. */
function rolesOf(body: TableBody): ReadonlySet<string> {
  const written = body.blocks.filter(({ kind }) => kind === "role").map(({ name }) => name);
  const had = body.agents.flatMap(({ roles, may_become }) => [...roles, ...may_become.map(({ role }) => role)]);
  return new Set([...written, ...had]);
}
