/**
 * `GET /v1/policy/sequence`: the highest number that a policy had here. After a rollback on the platform's side it is
 * higher than this Worker's own, and a deploy that took one more than that would give a number twice.
 */
import type { Deployment } from "../deployment.ts";
import { switchboardOf } from "../objects/env.ts";
import { askObject } from "./ask-object.ts";
import type { AppContext } from "./context.ts";

/** Milliseconds: anyone may ask, and the Switchboard has more to do. */
const KEPT = 1_000;

const known = new WeakMap<Deployment, { readonly at: number; readonly sequence: number }>();

export async function showNewestSequence(c: AppContext): Promise<Response> {
  return c.json({ sequence: await newestSequence(c) });
}

async function newestSequence(c: AppContext): Promise<number> {
  const deployment = c.get("deployment");
  const at = c.get("now");
  const last = known.get(deployment);
  if (last !== undefined && at - last.at < KEPT) return last.sequence;
  const newest = await askObject(() => switchboardOf(c.env).newestSequence());
  const sequence = Math.max(newest.sequence, deployment.sequence);
  known.set(deployment, { at, sequence });
  return sequence;
}
