/** `session.open`: an action that every policy has and no table declares. */
import type { Action } from "../table.ts";

/** Opening a session is itself an action, without parameters, resources or classes. */
export const OPENING: Action = {
  name: "session.open",
  params: [],
  open: false,
  classes: [],
  resources: null,
  yields: [],
  clears: [],
  recovery: null,
  tool: null,
  doc: null,
};

/** How many sessions an agent may have open and may open in an hour, where no limit on openings says otherwise. */
export const DEFAULT_OPENINGS = { open: 10, an_hour: 60 } as const;
