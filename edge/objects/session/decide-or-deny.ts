/** One authorization, whatever happens to it: what fails on the way is a denial, and recorded as one. */
import type { AuthorizeInput, AuthorizeOutput } from "../../rpc.ts";
import { authorize, fail, type Surroundings } from "./authorize.ts";
import { Unreachable } from "./hold-shares.ts";

export async function decideOrDeny(around: Surroundings, input: AuthorizeInput): Promise<AuthorizeOutput> {
  try {
    return await authorize(around, input);
  } catch (cause) {
    const unreachable = cause instanceof Unreachable;
    console.error("a request couldn't be decided and is denied", { session: input.session, cause: String(cause) });
    return unreachable
      ? { answer: fail(around.context, input, "overloaded", `${cause.message}; try again soon`) }
      : { answer: fail(around.context, input, "internal", "the edge failed to decide this; it is denied") };
  }
}
