/** The answer to one JSON-RPC request: plain JSON, or one message of a stream of events. */
import { environment } from "../failure.ts";
import { inert } from "../inert.ts";

const MOST_BYTES = 16 * 1024 * 1024;

type Members = { readonly [member: string]: unknown };

export async function readAnswer(response: Response, id: number, method: string): Promise<Members> {
  const type = response.headers.get("content-type") ?? "";
  const isStream = type.toLowerCase().startsWith("text/event-stream");
  const message = isStream ? await fromEvents(response, id) : parse(await wholeText(response));
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

async function wholeText(response: Response): Promise<string> {
  let text = "";
  for await (const part of partsOf(response)) text += part;
  return text;
}

/** Servers may send requests and notices of their own first, and leave the stream open behind the answer. */
async function fromEvents(response: Response, id: number): Promise<unknown> {
  let waiting = "";
  for await (const part of partsOf(response)) {
    waiting += part;
    const events = waiting.split(/\r\n\r\n|\n\n|\r\r/);
    waiting = events.pop() ?? "";
    for (const event of events) {
      const message = parse(dataOf(event));
      if (isObject(message) && message["id"] === id) return message;
    }
  }
  return parse(dataOf(waiting));
}

function dataOf(event: string): string {
  const lines = event.split(/\r\n|\n|\r/).filter((line) => line.startsWith("data:"));
  return lines.map((line) => line.slice(5).replace(/^ /, "")).join("\n");
}

async function* partsOf(response: Response): AsyncGenerator<string> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw environment("the server's answer is larger than 16 MB");
    yield decoder.decode(chunk, { stream: true });
  }
}

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
