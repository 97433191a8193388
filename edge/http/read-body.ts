/**
 * A request body, from bytes to what a handler may rely on: size, media type, one meaning, the fields that the call
 * knows and no others, and none of this edge's own tokens anywhere (a token in a body ends up in records and logs).
 */
import * as z from "zod/mini";
import type { JsonValue } from "../../engine/index.ts";
import type { WireFault } from "../../sdk/index.ts";
import { isOwnToken } from "../token-type.ts";
import { HttpProblem, malformed } from "./problem.ts";
import { escapePointer, readJson } from "./read-json.ts";

const MAX_BODY = 64 * 1024;
const MOST_DRAINED = 16 * 1024 * 1024;

/**
 * The body as `schema` describes it.
 * @throws HttpProblem `malformed`, `too_large` or `unsupported_media_type`
 */
export async function readBody<S extends z.ZodMiniType>(request: Request, schema: S): Promise<z.output<S>> {
  requireJson(request.headers.get("Content-Type"));
  const read = readJson(await readBytes(request));
  if (!read.ok) throw malformed(read.detail, read.pointer);
  refuseOwnTokens(read.value, "");
  return parseBody(read.value, schema);
}

/** @throws HttpProblem `malformed` */
export function parseBody<S extends z.ZodMiniType>(value: unknown, schema: S): z.output<S> {
  // Without its input an issue doesn't say whether the field is absent or of another type.
  const parsed = z.safeParse(schema, value, { reportInput: true, error: nameFields });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap(faultsOf);
  const where = errors[0]?.pointer ? `\`${errors[0].pointer}\`` : "the body";
  throw new HttpProblem("malformed", `${where}: ${errors[0]?.detail ?? "doesn't fit this call"}`, errors);
}

function requireJson(type: string | null): void {
  const [essence, ...parameters] = (type ?? "").split(";").map((part) => part.trim().toLowerCase());
  if (essence !== "application/json")
    throw new HttpProblem("unsupported_media_type", "send the body with `Content-Type: application/json`");
  // JSON has no such parameter (RFC 8259, section 11), but who reads by it would see another request in the same bytes.
  if (parameters.some((one) => one.startsWith("charset") && !/^charset="?utf-8"?$/.test(one)))
    throw new HttpProblem("unsupported_media_type", "send the body in UTF-8");
}

/**
 * What is too large is read to its end all the same, up to a bound, and forgotten as it comes: a caller that is still
 * sending when the answer arrives sees a broken connection instead of 413.
 */
async function readBytes(request: Request): Promise<Uint8Array> {
  return isStatedSmall(request) ? readAtOnce(request) : readPiecewise(request);
}

/** HTTP frames a body by its stated length (RFC 9112, section 6.2), so that no more than this can come. */
function isStatedSmall({ headers }: Request): boolean {
  const stated = headers.get("Content-Length") ?? "";
  return /^[0-9]{1,6}$/.test(stated) && Number(stated) <= MAX_BODY;
}

/** Much faster than piece by piece. */
async function readAtOnce(request: Request): Promise<Uint8Array> {
  let bytes: ArrayBuffer;
  try {
    bytes = await request.arrayBuffer();
  } catch {
    throw cutShort();
  }
  if (bytes.byteLength > MAX_BODY) throw tooLarge();
  return new Uint8Array(bytes);
}

async function readPiecewise(request: Request): Promise<Uint8Array> {
  const bytes = new Uint8Array(MAX_BODY);
  let size = 0;
  for await (const chunk of whole(request.body)) {
    if (size + chunk.byteLength <= MAX_BODY) bytes.set(chunk, size);
    size += chunk.byteLength;
    if (size > MOST_DRAINED) break;
  }
  if (size > MAX_BODY) throw tooLarge();
  return bytes.subarray(0, size);
}

function tooLarge(): HttpProblem {
  return new HttpProblem("too_large", `a body has at most ${MAX_BODY} bytes`);
}

/** The connection broke, or what came isn't framed as HTTP wants it: the caller's doing, and no bug of the edge. */
function cutShort(): HttpProblem {
  return malformed("the body ended before it was whole; send it again");
}

async function* whole(body: AsyncIterable<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  try {
    yield* body ?? [];
  } catch {
    throw cutShort();
  }
}

function refuseOwnTokens(value: JsonValue, pointer: string): void {
  if (typeof value === "string" && holdsOwnToken(value))
    throw malformed(
      "a session token or gateway token goes into the `Authorization` header, never into a body",
      pointer,
    );
  if (value === null || typeof value !== "object") return;
  for (const [key, member] of Object.entries(value)) {
    if (holdsOwnToken(key)) throw malformed("a key holds a session token or gateway token", pointer);
    refuseOwnTokens(member as JsonValue, `${pointer}/${escapePointer(key)}`);
  }
}

function holdsOwnToken(text: string): boolean {
  const tokens = text.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? [];
  return tokens.some(isOwnToken);
}

/** Of a field that isn't known, the message says which are; of all else the issue itself is enough. */
function nameFields({ code, inst }: z.core.$ZodRawIssue): string | undefined {
  if (code !== "unrecognized_keys") return undefined;
  const known = inst instanceof z.ZodMiniObject ? Object.keys(inst.shape) : [];
  if (known.length === 0) return "there is no such field here; leave it out";
  return `there is no such field here; those that exist are ${known.map((name) => `\`${name}\``).join(", ")}`;
}

function faultsOf(issue: z.core.$ZodIssue): WireFault[] {
  const pointer = issue.path.map((key) => `/${escapePointer(String(key))}`).join("");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ pointer: `${pointer}/${escapePointer(key)}`, detail: issue.message }));
  return [{ pointer, detail: detailOf(issue) }];
}

function detailOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type")
    return issue.input === undefined ? "this field is required" : `expected ${issue.expected}`;
  if (issue.code === "too_big") return `at most ${issue.maximum}${issue.origin === "string" ? " characters" : ""}`;
  if (issue.code === "too_small") return `at least ${issue.minimum}${issue.origin === "string" ? " characters" : ""}`;
  if (issue.code === "invalid_value")
    return `expected one of ${issue.values.map((value) => `\`${String(value)}\``).join(", ")}`;
  return issue.message;
}
