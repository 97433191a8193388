/** What each call takes (`docs/http-api.md`). Unknown fields are refused: a misspelt one must not be silently ignored. */
import * as z from "zod/mini";
import { confidence, jsonObject, requestId, toolSha256 } from "../body-parts.ts";

const text = (min: number, max: number) => z.string().check(z.minLength(min), z.maxLength(max));

const why = (max: number) =>
  text(1, max).check(z.refine((value) => value.trim() !== "", "say why, in at least one word"));
const reason = why(2000);

const digest = z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/, "expected `sha256:` and 64 hex digits"));

export const openSessionBody = z.strictObject({
  agent: z.optional(text(1, 256)),
  requester_token: z.optional(text(1, 16_384)),
  task: z.optional(text(1, 16_384)),
  ticket: z.optional(text(1, 512)),
  client: z.optional(text(1, 256)),
});

export const delegationBody = z.strictObject({ agent: text(1, 256) });

export const authorizeBody = z.strictObject({
  action: text(1, 256),
  args: z.optional(jsonObject),
  request_id: requestId,
  resources: z.optional(z.array(text(1, 4096)).check(z.maxLength(1000))),
  intent: z.optional(text(0, 4096)),
  confidence: z.optional(confidence),
  approval: z.optional(text(1, 128)),
  permit: z.optional(z.boolean()),
  tool_sha256: z.optional(toolSha256),
});

export const elevationBody = z.strictObject({
  role: text(1, 128),
  reason: why(4096),
});

export const outcomeBody = z.strictObject({
  decision_id: text(1, 64),
  status: z.enum(["ok", "error"]),
  digest: z.optional(digest),
  labels: z.optional(z.array(text(1, 128)).check(z.maxLength(32))),
});

export const decisionBody = z.strictObject({
  decision: z.enum(["approve", "deny"]),
  reason: z.optional(reason),
  request_digest: digest,
});

/** For switches, erasures and exports: nothing of the kind happens without a reason on record. */
export const reasonBody = z.strictObject({ reason });

/** Compared exactly, so what nobody could see or type doesn't come in. */
const member = text(1, 1024).check(
  z.regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u, "no control or invisible characters"),
  z.refine(
    (value) => value === value.normalize("NFC") && value === value.trim(),
    "no spaces around it, in Unicode's NFC",
  ),
);

const members = z.array(member).check(z.maxLength(500));

export const setBody = z.strictObject({ add: z.optional(members), remove: z.optional(members), reason });

export type AuthorizeBody = z.output<typeof authorizeBody>;
