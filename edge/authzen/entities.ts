/**
 * Requests of the OpenID AuthZEN Authorization API 1.0, as they come in. Fields that aren't known are ignored, as its
 * section on forward compatibility wants; what this edge reads of its own, `context.agentpolicy`, is strict.
 */
import * as z from "zod/mini";
import type { JsonObject } from "../../engine/index.ts";
import { confidence, jsonObject, requestId, toolSha256 } from "../body-parts.ts";

const text = (max: number) => z.string().check(z.minLength(1), z.maxLength(max));

const subject = z.object({ type: text(256), id: text(1024), properties: z.optional(jsonObject) });
const action = z.object({ name: text(256), properties: z.optional(jsonObject) });
const resource = z.object({ type: text(256), id: text(4096), properties: z.optional(jsonObject) });

/** What a question to this edge can say beyond AuthZEN. */
const ownContext = z.strictObject({
  agent: z.optional(text(256)),
  requester_token: z.optional(text(16_384)),
  request_id: z.optional(requestId),
  approval: z.optional(text(128)),
  intent: z.optional(z.string().check(z.maxLength(4096))),
  confidence: z.optional(confidence),
  tool_sha256: z.optional(toolSha256),
});

/** A number that no double holds is an object to the schemas below, which would take it for an empty one. */
const noNumber = <T>(schema: z.ZodMiniType<T>): z.ZodMiniType<T> =>
  z.pipe(jsonObject, schema as z.ZodMiniType<T, JsonObject>);

const context = z.optional(noNumber(z.looseObject({ agentpolicy: z.optional(ownContext) })));

export const evaluationBody = z.object({ subject, action, resource, context });

/** One question: who, what, on what. */
export type Evaluation = z.output<typeof evaluationBody>;

/** More would only be refused as a flood: a session asks at most 20 times a second. */
const MOST_EVALUATIONS = 20;

/** Items and what they take over where they leave it out; each is read as an evaluation by itself. */
export const evaluationsBody = z.looseObject({
  evaluations: z.optional(z.array(jsonObject).check(z.maxLength(MOST_EVALUATIONS))),
  options: z.optional(
    noNumber(
      z.object({
        evaluations_semantic: z.optional(z.enum(["execute_all", "deny_on_first_deny", "permit_on_first_permit"])),
      }),
    ),
  ),
});

const page = z.optional(
  noNumber(
    z.object({ token: z.optional(z.string().check(z.maxLength(512))), limit: z.optional(z.int().check(z.minimum(1))) }),
  ),
);

const openSubject = z.object({ type: text(256), properties: z.optional(jsonObject) });
const openResource = z.object({ type: text(256), properties: z.optional(jsonObject) });

export const subjectSearchBody = z.object({ subject: openSubject, action, resource, context, page });
export const resourceSearchBody = z.object({ subject, action, resource: openResource, context, page });
export const actionSearchBody = z.object({ subject, resource, context, page });

export type Page = z.output<typeof page>;
