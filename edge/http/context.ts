/** What every handler gets: the deployment, the clock of this request, and who asks. */
import type { Context } from "hono";
import type { Deployment, Env } from "../deployment.ts";

export interface AppEnv {
  readonly Bindings: Env;
  readonly Variables: {
    readonly deployment: Deployment;
    /** UTC milliseconds when the request came in; one value for the whole request. */
    readonly now: number;
    /** What the caller calls this request, or a random one; goes back with the answer. */
    readonly request_id: string;
    /** The caller's `traceparent`; null where it sent none that is well-formed. */
    readonly trace: string | null;
  };
}

export type AppContext = Context<AppEnv>;

/** RFC 3339 in UTC. */
export function rfc3339(at: number): string {
  return new Date(at).toISOString();
}
