/** One session of a chain, as its members and its tokens name it. */
import type { Link } from "./rpc.ts";

/** @param gateway which opened it and alone uses it; null or absent: the agent itself */
export function linkOf(session: string, agent: string, gateway: string | null | undefined): Link {
  return { session, agent, ...(gateway === null || gateway === undefined ? {} : { gateway }) };
}
