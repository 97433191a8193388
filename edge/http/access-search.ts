/**
 * `POST /access/v1/search/…` (OpenID AuthZEN Authorization API 1.0, section 8): of the agents, actions and resources that
 * the policy names, those for which an evaluation would say `true` now. Nothing is spent or recorded by looking.
 */
import type { Gateway, JsonValue } from "../../engine/index.ts";
import { actionNamed, shortName } from "../authzen/asked-action.ts";
import { AGENT_TYPES } from "../authzen/asked-agent.ts";
import { actionSearchBody, resourceSearchBody, subjectSearchBody } from "../authzen/entities.ts";
import type { Evaluation, Page } from "../authzen/entities.ts";
import { namedResources } from "../authzen/named-resources.ts";
import { nextToken, spanOf } from "../authzen/page-of.ts";
import { canonicalJson, sha256Hex } from "../digest.ts";
import { readAuthzen } from "./access-evaluation.ts";
import { allowedNow } from "./allowed-now.ts";
import { requireGateway } from "./callers.ts";
import type { AppContext } from "./context.ts";
import { malformed } from "./problem.ts";
import { questionOf, readSubject } from "./read-evaluation.ts";

/** What may be a result, and the evaluation that decides whether it is one. */
interface Candidate<R> {
  readonly result: R;
  readonly evaluation: Evaluation;
}

/** Each subject is asked in a session of its own, so that a page looks at few of them. */
const MOST_SUBJECTS = 20;
const MOST_LOOKED_AT = 200;

/** `POST /access/v1/search/subject`: agents that the gateway may ask for. */
export async function searchSubjects(c: AppContext): Promise<Response> {
  const gateway = await requireGateway(c);
  const { page, subject, ...rest } = await readAuthzen(c, subjectSearchBody);
  // Who a person is, only their token says: there is no list of people to look through.
  const known = AGENT_TYPES.includes(subject.type) && rest.context?.agentpolicy?.agent === undefined;
  const candidates = (known ? gateway.agents : []).map((id) => ({
    result: { type: subject.type, id },
    evaluation: { ...rest, subject: { ...subject, id } },
  }));
  return answerPage(
    c,
    candidates,
    { page, asked: { subject, ...rest } as JsonValue, most: MOST_SUBJECTS },
    async (part) => {
      const found = [];
      for (const candidate of part) found.push(...(await allowedOfOne(c, gateway, [candidate])));
      return found;
    },
  );
}

/** `POST /access/v1/search/resource`: resources that the policy names. */
export async function searchResources(c: AppContext): Promise<Response> {
  const gateway = await requireGateway(c);
  const { page, resource, ...rest } = await readAuthzen(c, resourceSearchBody);
  const { actions, table } = c.get("deployment");
  const action = actionNamed(actions, rest.action.name, resource.type);
  const ids = action === null ? [] : namedResources(table.body.blocks, action, resource.type);
  const candidates = ids.map((id) => ({
    result: { type: resource.type, id },
    evaluation: { ...rest, resource: { ...resource, id } },
  }));
  const question = { page, asked: { resource, ...rest } as JsonValue, most: MOST_LOOKED_AT };
  return answerPage(c, candidates, question, (part) => allowedOfOne(c, gateway, part));
}

/** `POST /access/v1/search/action` */
export async function searchActions(c: AppContext): Promise<Response> {
  const gateway = await requireGateway(c);
  const { page, ...rest } = await readAuthzen(c, actionSearchBody);
  const { actions } = c.get("deployment");
  const candidates = [...actions.values()].map((action) => {
    const name = shortName(actions, action, rest.resource.type);
    return { result: { name }, evaluation: { ...rest, action: { name } } };
  });
  const question = { page, asked: rest as JsonValue, most: MOST_LOOKED_AT };
  return answerPage(c, candidates, question, (part) => allowedOfOne(c, gateway, part));
}

interface Asked {
  readonly page: Page;
  /** All but the page. */
  readonly asked: JsonValue;
  /** Candidates that a page looks at. */
  readonly most: number;
}

async function answerPage<R>(
  c: AppContext,
  candidates: readonly Candidate<R>[],
  { page, asked, most }: Asked,
  allowed: (part: readonly Candidate<R>[]) => Promise<readonly boolean[]>,
): Promise<Response> {
  const question = sha256Hex(canonicalJson([c.get("deployment").table.hash, c.req.path, asked]));
  const span = spanOf(page, question);
  if (span === null) throw malformed("the page's token isn't one of this search; begin anew without it", "/page/token");
  const part = candidates.slice(span.from, span.from + most);
  const found = await allowed(part);
  const results: R[] = [];
  let looked = 0;
  for (const [at, { result }] of part.entries()) {
    if (results.length === span.limit) break;
    looked = at + 1;
    if (found[at]) results.push(result);
  }
  const next = span.from + looked;
  const next_token = next < candidates.length ? nextToken(next, question) : "";
  return c.json({ results, page: { next_token, count: results.length } });
}

/** In the order given: all are about one subject. */
async function allowedOfOne<R>(
  c: AppContext,
  gateway: Gateway,
  candidates: readonly Candidate<R>[],
): Promise<readonly boolean[]> {
  const [first] = candidates;
  if (first === undefined) return [];
  const who = await readSubject(c, gateway, first.evaluation);
  if (!who.ok) return candidates.map(() => false);
  const bodies = candidates.map(({ evaluation }) => {
    const read = questionOf(c, who, evaluation);
    return read.ok ? read.question.body : null;
  });
  return allowedNow(c, { gateway, agent: who.agent, requester: who.requester }, bodies);
}
