/**
 * One HTTP call to the edge, and when it may be tried again. Fails closed: what isn't a complete JSON answer with a
 * status of this protocol ends as an error, never as a value.
 */
import {
  AgentPolicyError,
  BadRequest,
  EdgeUnreachable,
  TooManyRequests,
  Unauthenticated,
  UnexpectedAnswer,
} from "./errors.ts";
import type { WireFault } from "./wire.ts";

export interface Transport {
  /** `URL.origin` of the edge; also the audience of assertions. */
  readonly origin: string;
  readonly fetch: typeof fetch;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
}

export interface TransportOptions {
  /** Address of the edge; `https`, or `http` on this machine. */
  readonly edge: string | URL;
  readonly fetch?: typeof fetch;
  /** Milliseconds to wait for one answer; 10,000 unless given. */
  readonly timeout?: number;
}

/** Throws a TypeError for an address or time-out that can't be. */
export function transportTo(options: TransportOptions): Transport {
  const timeout = options.timeout ?? 10_000;
  if (!(timeout > 0 && timeout <= 600_000)) throw new TypeError("`timeout` must be 1 to 600,000 milliseconds");
  return {
    origin: edgeOrigin(options.edge),
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    timeout,
  };
}

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds on top of the transport's own, for calls that wait on purpose. */
  readonly wait?: number;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** The longest answer that is read: an answer holds at most the 64 KiB that were sent and little more; a list, many. */
const MAX_ANSWER = 16 << 20;

/** Takes an origin such as `https://policy.example`; plain `http` only on this machine. Throws a TypeError. */
export function edgeOrigin(edge: string | URL): string {
  const url = URL.parse(String(edge));
  // `localhost:8787` parses, with `localhost:` for its scheme.
  if (url === null || !/^https?:$/.test(url.protocol)) {
    const ways = "`https://policy.example` or, on this machine, `http://127.0.0.1:8787`";
    throw new TypeError(`\`${String(edge)}\` is not a URL of an edge; write it as ${ways}`);
  }
  const local = url.hostname === "localhost" || url.hostname === "[::1]" || /^127(\.\d+){3}$/.test(url.hostname);
  if (url.protocol !== "https:" && !local) {
    throw new TypeError(`\`${url.origin}\` would send credentials unprotected; use https`);
  }
  return url.origin;
}

/** Throws `EdgeUnreachable`, `UnexpectedAnswer`, `Unauthenticated`, `TooManyRequests`, `BadRequest`, or the signal's reason. */
export async function send(transport: Transport, call: Call): Promise<Reply> {
  const milliseconds = transport.timeout + (call.wait ?? 0);
  return exchange(transport, call, milliseconds, async (response) =>
    readReply(transport.origin, response, await readText(response)),
  );
}

/** Hands newline-delimited JSON to `take` line by line as it comes. Throws like `send`, also when it breaks off. */
export async function sendForLines(transport: Transport, call: Call, take: (line: string) => void): Promise<void> {
  await exchange(transport, call, LINES_TIMEOUT, async (response) => {
    if (response.status !== 200) readReply(transport.origin, response, await readText(response));
    let rest = "";
    for await (const text of textOf(response)) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) take(line);
    }
    // Every line ends; what doesn't was cut off.
    if (rest !== "") throw new UnexpectedAnswer("the edge's list broke off in the middle of a line");
  });
}

/** A long log takes its time. */
const LINES_TIMEOUT = 600_000;

async function exchange<T>(
  transport: Transport,
  call: Call,
  milliseconds: number,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  call.signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(milliseconds);
  try {
    const response = await transport.fetch(`${transport.origin}${call.path}`, {
      method: call.method,
      headers: { accept: "application/json", ...(call.body === undefined ? {} : JSON_BODY), ...call.headers },
      redirect: "manual",
      signal: call.signal ? AbortSignal.any([call.signal, timeout]) : timeout,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    return await read(response);
  } catch (error) {
    call.signal?.throwIfAborted();
    if (error instanceof AgentPolicyError) throw error;
    const why = timeout.aborted ? `no answer within ${milliseconds} ms` : reasonOf(error);
    throw new EdgeUnreachable(`the edge at ${transport.origin} can't be reached: ${why}`, { cause: error });
  }
}

const JSON_BODY = { "content-type": "application/json" };

async function readText(response: Response): Promise<string> {
  let text = "";
  for await (const part of textOf(response)) {
    text += part;
    if (text.length > MAX_ANSWER) throw new UnexpectedAnswer("the edge's answer is longer than any answer can be");
  }
  return text;
}

async function* textOf(response: Response): AsyncGenerator<string> {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function readReply(origin: string, response: Response, text: string): Reply {
  const { status } = response;
  if (status === 204) return { status, body: null };
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
