/**
 * Tells the Switchboard which policy runs under which number, once an isolate, so that each deployment is recorded. No
 * request waits for it; what fails is told again with a later one.
 */
import type { Deployment } from "../deployment.ts";
import { switchboardOf } from "../objects/env.ts";
import type { AppContext } from "./context.ts";

/** Between two tries. */
const PAUSE = 5_000;

export function createAnnouncer(): (c: AppContext) => void {
  let told: Deployment | null = null;
  let tried = 0;
  return (c) => {
    const deployment = c.get("deployment");
    const now = c.get("now");
    if (told === deployment || now - tried < PAUSE) return;
    tried = now;
    const work = tell(c, deployment).then((done) => {
      if (done) told = deployment;
    });
    c.executionCtx.waitUntil(work);
  };
}

/** Never throws. A Worker older than the policy in force has nothing to tell. */
async function tell(c: AppContext, { sequence, table }: Deployment): Promise<boolean> {
  try {
    await switchboardOf(c.env).learnDeployment({ sequence, policy: table.hash });
    return true;
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error;
    console.warn(JSON.stringify({ event: "deployment_untold", name }));
    return false;
  }
}
