/** The answer to one JSON-RPC request: plain JSON, or one message of a stream of events. */
import { environment, Failure } from "../failure.ts";
import { inert } from "../inert.ts";

const MOST_BYTES = 16 * 1024 * 1024;

type Members = { readonly [member: string]: unknown };

/** Throws a `Failure`, also where the answer breaks off or doesn't end in time. */
export async function readAnswer(response: Response, id: number, method: string): Promise<Members> {
  const type = response.headers.get("content-type") ?? "";
  const isStream = type.toLowerCase().startsWith("text/event-stream");
  const parts = partsOf(response, method);
  const message = isStream ? await fromEvents(parts, id) : parse(await wholeText(parts));
  if (!isObject(message) || message["id"] !== id)
    throw environment(`the server doesn't answer \`${method}\` in JSON-RPC`);
  const { error, result } = message;
  if (isObject(error))
    throw environment(
      `the server refuses \`${method}\`: ${typeof error["message"] === "string" ? inert(error["message"]) : "it gives no reason"}`,
    );
  if (!isObject(result)) throw environment(`the server's answer to \`${method}\` has no result`);
  return result;
}

async function wholeText(parts: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const part of parts) text += part;
  return text;
}

/** Servers may send requests and notices of their own first, and leave the stream open behind the answer. */
async function fromEvents(parts: AsyncIterable<string>, id: number): Promise<unknown> {
  for await (const event of eventsOf(parts)) {
    const message = parse(dataOf(event));
    if (isObject(message) && message["id"] === id) return message;
  }
  return null;
}

const BOUNDARY = /\r\n\r\n|\n\n|\r\r/;

/** Looks at each character once, however small the parts are. What stands behind the last boundary comes last. */
async function* eventsOf(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let before: string[] = [];
  let text = "";
  for await (const part of parts) {
    text += part;
    for (let found = BOUNDARY.exec(text); found !== null; found = BOUNDARY.exec(text)) {
      yield before.join("") + text.slice(0, found.index);
      before = [];
      text = text.slice(found.index + found[0].length);
    }
    // The beginning of a boundary may be the end of this part.
    before.push(text.slice(0, -3));
    text = text.slice(-3);
  }
  yield before.join("") + text;
}

function dataOf(event: string): string {
  const lines = event.split(/\r\n|\n|\r/).filter((line) => line.startsWith("data:"));
  return lines.map((line) => line.slice(5).replace(/^ /, "")).join("\n");
}

async function* partsOf(response: Response, method: string): AsyncGenerator<string> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      bytes += chunk.byteLength;
      if (bytes > MOST_BYTES) throw environment("the server's answer is larger than 16 MB");
      yield decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    throw error instanceof Failure ? error : brokenOff(method, error);
  }
}

/** The connection closed, or the time for the whole answer ran out. */
function brokenOff(method: string, error: unknown): Failure {
  const isLate = error instanceof Error && error.name === "TimeoutError";
  const what = isLate ? "doesn't end in time" : `breaks off: ${inert(causeOf(error))}`;
  return environment(`the server's answer to \`${method}\` ${what}`, RETRY);
}

/** What `fetch` says of a connection stands in the cause. */
export function causeOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
}

export const RETRY = "try again, or save its answer to `tools/list` in a file and import that";

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
