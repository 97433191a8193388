/**
 * `POST /v1/permits/{jti}/redeem`: whoever executes the action uses its permit up at the edge, once and not after a
 * kill. The permit itself is the credential: who holds it could execute the action anyway.
 */
import * as z from "zod/mini";
import type { Agent } from "../../engine/index.ts";
import { verifyPermit } from "../permits/verify-permit.ts";
import type { VerifiedPermit } from "../permits/verify-permit.ts";
import { sessionOf } from "../objects/env.ts";
import type { RedeemInput } from "../rpc.ts";
import { askObject } from "./ask-object.ts";
import type { AppContext } from "./context.ts";
import { HttpProblem, malformed, retryAfter, unauthenticated } from "./problem.ts";
import { readBody } from "./read-body.ts";

const redeemBody = z.strictObject({ permit: z.string().check(z.minLength(1), z.maxLength(16_384)) });

export async function redeemPermit(c: AppContext): Promise<Response> {
  const deployment = c.get("deployment");
  const now = c.get("now");
  const { permit } = await readBody(c.req.raw, redeemBody);
  const verified = await verifyPermit(deployment.permits, permit, now);
  if (verified === null) throw unauthenticated("this is no permit of this deployment that is good now");
  if (verified.jti !== c.req.param("jti")) throw malformed("the path names another permit than the body", "/permit");
  const output = await askObject(() => sessionOf(c.env, verified.session).redeem(inputOf(c, verified)));
  if (output.redeemed) return c.json({ redeemed: true, jti: verified.jti });
  if (output.reason === "overloaded") throw new HttpProblem("unreachable", output.message, [], retryAfter(1));
  throw new HttpProblem(output.reason === "killed" ? "killed" : "conflict", output.message);
}

/** Those too that the session may have gained for a while. */
function rolesOf(agent: Agent | undefined): readonly string[] {
  return agent === undefined ? [] : [...agent.roles, ...agent.may_become.map(({ role }) => role)];
}

/** Which arguments decided its class the permit doesn't say: every class that the action may be of counts. */
function inputOf(c: AppContext, { session, agent, action, jti, policy, expires }: VerifiedPermit): RedeemInput {
  const deployment = c.get("deployment");
  const classes = deployment.actions.get(action)?.classes.map(({ name }) => name) ?? [];
  return {
    sequence: deployment.sequence,
    session,
    jti,
    expires,
    action,
    classes,
    roles: rolesOf(deployment.agents.get(agent)),
    earlier: policy !== deployment.table.hash,
    lease: deployment.table.body.settings.lease,
  };
}
