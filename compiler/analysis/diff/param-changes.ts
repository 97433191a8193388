/** What an action's arguments may be: a type that takes more lets through what was refused, whether a rule reads it or not. */
import type { Action, Param } from "../../../engine/index.ts";
import { fitsRecord } from "../../type/is-within.ts";
import type { Direction } from "./policy-diff.ts";
import { paramText } from "./type-text.ts";

export interface ParamChange {
  readonly direction: Direction;
  readonly change: string;
}

export function paramChanges(before: Action, after: Action): readonly ParamChange[] {
  const gone = before.params.filter(({ name }) => !after.params.some((now) => now.name === name));
  return [
    ...after.params.flatMap((now) => {
      const old = before.params.find(({ name }) => name === now.name);
      return old === undefined ? [newParam(now, before)] : typeChange(old, now);
    }),
    ...gone.map((param) => goneParam(param, after)),
  ];
}

/** Where undeclared arguments were admitted, it could be anything before. */
function newParam(param: Param, { open }: Action): ParamChange {
  return { direction: open ? "stricter" : "looser", change: `takes \`${paramText(param)}\`` };
}

/** Requests that lacked it were refused; where undeclared arguments are admitted, it can be anything now. */
function goneParam(param: Param, { open }: Action): ParamChange {
  const change = `doesn't take \`${paramText(param)}\` any more`;
  return { direction: open || !param.optional ? "looser" : "stricter", change };
}

function typeChange(old: Param, now: Param): readonly ParamChange[] {
  const change = `\`${paramText(old)}\` → \`${paramText(now)}\``;
  if (!fitsRecord([now], [old])) return [{ direction: "looser", change }];
  return fitsRecord([old], [now]) ? [] : [{ direction: "stricter", change }];
}
