/** The actions that a person means by what a rule could be about: a name, `email.*`, a class, or `*`. */
import { selects } from "../../../engine/index.ts";
import type { Action, Table } from "../../../engine/index.ts";
import { didYouMean } from "../../did-you-mean.ts";

export type SelectedActions =
  | { readonly ok: true; readonly actions: readonly Action[]; readonly one: boolean }
  | { readonly ok: false; readonly problem: string; readonly help: string | null };

/** A class takes in actions that only sometimes are of it. The name of an action stands for the action. */
export function actionsSelected({ body }: Table, text: string): SelectedActions {
  const { actions } = body;
  const named = actions.filter(({ name }) => name === text);
  if (named.length > 0) return { ok: true, actions: named, one: true };
  if (text === "*" && actions.length > 0) return { ok: true, actions, one: false };
  const prefix = /^(.+)\.\*$/.exec(text)?.[1];
  const found = actions.filter((action) =>
    selects(prefix === undefined ? { kind: "class", name: text } : { kind: "prefix", prefix }, action, false),
  );
  if (found.length > 0) return { ok: true, actions: found, one: false };
  if (text === "session.open") return OPENING;
  const classes = new Set(actions.flatMap((action) => action.classes.map(({ name }) => name)));
  const known = prefix === undefined ? [...actions.map(({ name }) => name), ...classes] : prefixesOf(actions);
  const problem =
    prefix === undefined
      ? `the policy has no action \`${text}\`, and none of such a class`
      : `no action's name begins with \`${prefix}.\``;
  return { ok: false, problem, help: didYouMean(text, known) };
}

const OPENING: SelectedActions = {
  ok: false,
  problem: "opening a session needs no grant: every agent can, as far as `never` and `limit` on `session.open` let it",
  help: "`agentpolicy explain --agent AGENT --action session.open` decides it for one",
};

function prefixesOf(actions: readonly Action[]): readonly string[] {
  const prefixes = actions.flatMap(({ name }) => {
    const segments = name.split(".");
    return segments.slice(1).map((_, index) => `${segments.slice(0, index + 1).join(".")}.*`);
  });
  return [...new Set(prefixes)];
}
