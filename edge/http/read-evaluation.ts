/** From an AuthZEN question to one of this edge's: whom it is about, with which action and arguments. */
import type { Agent, Gateway } from "../../engine/index.ts";
import { askedAction } from "../authzen/asked-action.ts";
import { askedAgent } from "../authzen/asked-agent.ts";
import type { Evaluation } from "../authzen/entities.ts";
import { verifyRequester } from "../identity/requester.ts";
import type { VerifiedRequester } from "../identity/requester.ts";
import type { AuthorizeBody } from "./bodies.ts";
import { momentOf, trustIssuer } from "./callers.ts";
import type { AppContext } from "./context.ts";

export interface Question {
  readonly agent: Agent;
  readonly requester: VerifiedRequester | null;
  readonly body: AuthorizeBody;
}

export type ReadQuestion =
  | { readonly ok: true; readonly question: Question }
  | { readonly ok: false; readonly reason: string; readonly message: string };

export async function readQuestion(c: AppContext, gateway: Gateway, evaluation: Evaluation): Promise<ReadQuestion> {
  const who = await readSubject(c, gateway, evaluation);
  return who.ok ? questionOf(c, who, evaluation) : who;
}

/** @param who the subject, as `readSubject` has found it */
export function questionOf(
  c: AppContext,
  who: Pick<Question, "agent" | "requester">,
  evaluation: Evaluation,
): ReadQuestion {
  const asked = askedAction(c.get("deployment").actions, evaluation);
  if (!asked.ok) return asked;
  const { intent, confidence, approval, tool_sha256, request_id } = evaluation.context?.agentpolicy ?? {};
  const body: AuthorizeBody = {
    action: asked.action,
    args: asked.args,
    request_id: request_id ?? crypto.randomUUID(),
    ...(asked.resources === null ? {} : { resources: [...asked.resources] }),
    ...(intent === undefined ? {} : { intent }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(approval === undefined ? {} : { approval }),
    ...(tool_sha256 === undefined ? {} : { tool_sha256 }),
  };
  return { ok: true, question: { agent: who.agent, requester: who.requester, body } };
}

export type ReadSubject =
  | { readonly ok: true; readonly agent: Agent; readonly requester: VerifiedRequester | null }
  | { readonly ok: false; readonly reason: string; readonly message: string };

/** Agents that the gateway may not ask for and those that aren't there are told apart by nobody. */
export async function readSubject(
  c: AppContext,
  { agents }: Gateway,
  question: Pick<Evaluation, "subject" | "context">,
): Promise<ReadSubject> {
  const asked = askedAgent(question);
  const agent =
    asked !== null && agents.includes(asked.agent) ? c.get("deployment").agents.get(asked.agent) : undefined;
  if (asked === null || agent === undefined) return refused("unknown_agent", "this gateway asks for no such subject");
  const token = question.context?.agentpolicy?.requester_token;
  if (token === undefined)
    return asked.person === null
      ? { ok: true, agent, requester: null }
      : refused("requester_missing", "a person is who their `requester_token` says; send it in `context.agentpolicy`");
  const requester = await trustIssuer(() => verifyRequester(c.get("deployment"), token, agent.name, momentOf(c)));
  if (requester === null || (asked.person !== null && !isPerson(asked.person, requester)))
    return refused("requester_missing", "the `requester_token` isn't one of this person that names this agent");
  return { ok: true, agent, requester };
}

function isPerson(named: string, { requester, person }: VerifiedRequester): boolean {
  return named === person.sub || named.toLowerCase() === requester.id;
}

function refused(reason: string, message: string): ReadSubject & { ok: false } {
  return { ok: false, reason, message };
}
