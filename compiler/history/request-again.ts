/** A recorded request as the engine reads it, and why it can't be put to it again. */
import type { Decision, JsonObject, JsonValue, Policy, Request, Requester } from "../../engine/index.ts";
import { sha256Hex } from "../hash.ts";
import type { Suppose } from "./every-way.ts";
import { isFields, textOf } from "./fields.ts";
import type { Entry } from "./read-log.ts";
import type { RecordedDecision, RecordedFacts } from "./recorded-decision.ts";
import { argumentsOf, type Start } from "./session-history.ts";

export type Arguments =
  | { readonly known: true; readonly args: JsonObject }
  | { readonly known: false; readonly why: string };

/** What stands beside the record, if it is all that the request said. */
export function argumentsAgain({ entry, facts }: RecordedDecision): Arguments {
  const args = argumentsOf(entry);
  if (args === null) return { known: false, why: "arguments were erased" };
  if (facts?.inexact === true)
    return { known: false, why: "a number in the arguments isn't recorded as it was written" };
  if (holdsHidden(args)) return { known: false, why: "arguments hold a secret or a find, which is never recorded" };
  return { known: true, args };
}

/** What the edge writes in a secret's place. An agent that writes the like by itself gains nothing but this. */
function holdsHidden(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (isFields(value)) {
    const secret = value["secret"];
    if (secret !== undefined && isFields(secret) && textOf(secret, "hmac_sha256") !== null) return true;
  }
  return Object.values(value).some((member: JsonValue) => holdsHidden(member));
}

/** Which claims the policy's groups read and the record may lack. */
function unrecordedClaims({ table }: Policy, requester: Requester): readonly string[] {
  const read = table.body.groups.flatMap(({ claim }) => (claim === null ? [] : [claim]));
  return read.filter(({ name }) => !Object.hasOwn(requester.claims, name)).map(({ name }) => name);
}

export interface Asking {
  readonly policy: Policy;
  readonly entry: Entry;
  readonly start: Start;
  readonly action: string;
  readonly args: JsonObject;
  readonly facts: RecordedFacts | null;
  readonly confidence: number | null;
  readonly at: number;
  /** Whether the table that decided then is the one that is tried: then nothing else of the requester was read. */
  readonly samePolicy: boolean;
}

export function requestAgain(asking: Asking, suppose: Suppose): Request {
  const { entry, start, action, args, facts, confidence, at } = asking;
  return {
    agent: entry.agent,
    session: entry.session,
    environment: start.environment,
    callers: entry.chain.slice(0, -1),
    ...(start.requester === null ? {} : { requester: supposedRequester(asking, start.requester, suppose) }),
    action,
    args,
    ...(facts === null || facts.stated === null ? {} : { resources: facts.stated }),
    ...(typeof facts?.tool_sha256 === "string" ? { tool_sha256: facts.tool_sha256 } : {}),
    at,
    ...(typeof facts?.ip === "string" ? { ip: facts.ip } : {}),
    ...(typeof facts?.country === "string" ? { country: facts.country } : {}),
    ...(confidence === null ? {} : { confidence }),
    sha256: sha256Hex,
  };
}

/** Somebody may have had a claim that nobody read then. */
function supposedRequester({ policy, samePolicy }: Asking, requester: Requester, suppose: Suppose): Requester {
  const missing = samePolicy ? [] : unrecordedClaims(policy, requester);
  if (missing.length === 0) return requester;
  const groups = policy.table.body.groups.filter(({ claim }) => claim !== null && missing.includes(claim.name));
  const claims: { [name: string]: string | readonly string[] } = { ...requester.claims };
  for (const { name, claim } of groups) {
    if (claim === null || !suppose(`whether the requester was in group \`${name}\``)) continue;
    const before = claims[claim.name];
    claims[claim.name] = [...(Array.isArray(before) ? (before as readonly string[]) : []), claim.value];
  }
  return { ...requester, claims };
}

/** Facts that the engine takes for unknown though only the record lacks them. */
export function unrecordedFacts({ facts, start, samePolicy, policy, entry }: Asking): readonly string[] {
  const root = policy.agents.get(entry.chain[0] ?? "")?.agent;
  const mayHaveTask = start.task === null && start.requester === null && root?.task_from_client === true;
  return [
    ...(facts?.ip === undefined ? ["request.ip"] : []),
    ...(facts?.country === undefined ? ["request.country"] : []),
    ...((mayHaveTask && !samePolicy) || start.task_withheld ? ["task"] : []),
  ];
}

/** What of that the decision wanted to know, in words; null where it wanted nothing of it. */
export function lackedBy(asking: Asking, { unknown }: Pick<Decision, "unknown">): string | null {
  const missing = unrecordedFacts(asking).filter((fact) => unknown.includes(fact));
  return missing.length === 0 ? null : `the record doesn't hold ${missing.map((fact) => `\`${fact}\``).join(", ")}`;
}
