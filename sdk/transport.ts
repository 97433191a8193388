/**
 * One HTTP call to the edge, and when it may be tried again. Fails closed: what isn't a complete JSON answer with a
 * status of this protocol ends as an error, never as a value.
 */
import { BadRequest, EdgeUnreachable, TooManyRequests, Unauthenticated, UnexpectedAnswer } from "./errors.ts";
import type { AgentPolicyError } from "./errors.ts";
import type { WireFault } from "./wire.ts";

export interface Transport {
  /** `URL.origin` of the edge; also the audience of assertions. */
  readonly origin: string;
  readonly fetch: typeof fetch;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
}

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds on top of the transport's own, for calls that wait on purpose. */
  readonly wait?: number;
  /** `lines`: newline-delimited JSON, given back as its text. */
  readonly answer?: "lines";
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** The longest answer that is read: an answer holds at most the 64 KiB that were sent and little more; a list, many. */
const MAX_ANSWER = 64 << 20;

/** Takes an origin such as `https://policy.example`; plain `http` only on this machine. Throws a TypeError. */
export function edgeOrigin(edge: string | URL): string {
  let url: URL;
  try {
    url = new URL(edge);
  } catch {
    throw new TypeError(`\`${String(edge)}\` is not a URL; an edge is given as \`https://policy.example\``);
  }
  const local = url.hostname === "localhost" || url.hostname === "[::1]" || /^127(\.\d+){3}$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && local)) {
    throw new TypeError(`\`${url.origin}\` would send credentials unprotected; use https`);
  }
  return url.origin;
}

/** Throws `EdgeUnreachable`, `UnexpectedAnswer`, `Unauthenticated`, `TooManyRequests`, `BadRequest`, or the signal's reason. */
export async function send(transport: Transport, call: Call): Promise<Reply> {
  call.signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(transport.timeout + (call.wait ?? 0));
  let response: Response;
  let text: string;
  try {
    response = await transport.fetch(`${transport.origin}${call.path}`, {
      method: call.method,
      headers: { accept: "application/json", ...(call.body === undefined ? {} : JSON_BODY), ...call.headers },
      redirect: "manual",
      signal: call.signal ? AbortSignal.any([call.signal, timeout]) : timeout,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    text = await readText(response);
  } catch (error) {
    call.signal?.throwIfAborted();
    if (error instanceof UnexpectedAnswer) throw error;
    const why = timeout.aborted ? `no answer within ${transport.timeout + (call.wait ?? 0)} ms` : reasonOf(error);
    throw new EdgeUnreachable(`the edge at ${transport.origin} can't be reached: ${why}`, { cause: error });
  }
  return readReply(transport.origin, response, text, call.answer);
}

const JSON_BODY = { "content-type": "application/json" };

async function readText(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_ANSWER) throw new UnexpectedAnswer("the edge's answer is longer than any answer can be");
  }
  return text + decoder.decode();
}

function readReply(origin: string, response: Response, text: string, kind: Call["answer"]): Reply {
  const { status } = response;
  if (status === 204) return { status, body: null };
  if (status === 200 && kind === "lines") return { status, body: text };
  if (status >= 200 && status < 300) return { status, body: parseBody(origin, text) };
  throw errorFor(origin, status, text, response.headers.get("retry-after"));
}

function parseBody(origin: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnexpectedAnswer(`what answers at ${origin} doesn't speak JSON; is this the address of an edge?`);
  }
}

function errorFor(origin: string, status: number, text: string, retryAfter: string | null): AgentPolicyError {
  const problem = readProblem(text);
  if (status >= 500) {
    const transient = status === 502 || status === 503 || status === 504;
    const detail = problem.detail || `status ${status}`;
    return new EdgeUnreachable(`the edge at ${origin} can't answer now: ${detail}`, { transient });
  }
  if (status === 401) return new Unauthenticated(problem.detail || "the edge doesn't accept this credential");
  if (status === 429) return new TooManyRequests(problem.detail || "too many requests", seconds(retryAfter));
  if (status >= 400) return new BadRequest(status, problem.detail || `the edge answered ${status}`, problem.errors);
  return new UnexpectedAnswer(`the edge at ${origin} answered with status ${status}`);
}

/** Problems (RFC 9457) are shown to people, so that a body that isn't one is merely left out. */
function readProblem(text: string): { readonly detail: string; readonly errors: readonly WireFault[] } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { detail: "", errors: [] };
  }
  if (typeof body !== "object" || body === null) return { detail: "", errors: [] };
  const detail = "detail" in body && typeof body.detail === "string" ? body.detail : "";
  const title = "title" in body && typeof body.title === "string" ? body.title : "";
  const errors = "errors" in body && Array.isArray(body.errors) ? body.errors.filter(isFault) : [];
  return { detail: detail || title, errors };
}

function isFault(value: unknown): value is WireFault {
  if (typeof value !== "object" || value === null) return false;
  return (
    "pointer" in value && "detail" in value && typeof value.pointer === "string" && typeof value.detail === "string"
  );
}

function seconds(header: string | null): number | null {
  const value = Number(header);
  return header !== null && Number.isFinite(value) && value >= 0 ? value : null;
}

/** `fetch failed` alone helps nobody; what helps is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message;
}
