/** HTTP/1.1 as bytes on a socket, so that a call may be as wrong as anybody could make it. */
import { connect } from "node:net";

export interface RawCall {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Head and body are sent as they are; what frames the body stands among the headers. */
  readonly body: Uint8Array;
  /** Ends the sending side, so that a body which is shorter than announced is seen to end. */
  readonly ends: boolean;
}

export type RawOutcome =
  | { readonly kind: "answer"; readonly answer: RawAnswer }
  /** The connection ended without a whole answer. */
  | { readonly kind: "closed" }
  | { readonly kind: "hang" };

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** All of it, as it came. */
  readonly text: string;
}

/** @param patience milliseconds */
export function rawCall(url: string, call: RawCall, patience: number): Promise<RawOutcome> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(Number(port), hostname);
    const finish = (outcome: RawOutcome): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => finish({ kind: "hang" }), patience);
    const ended = (): void => {
      const answer = readAnswer(received, call.method, true);
      finish(answer === null ? { kind: "closed" } : { kind: "answer", answer });
    };
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      received += chunk;
      const answer = readAnswer(received, call.method, false);
      if (answer !== null) finish({ kind: "answer", answer });
    });
    // The other side may refuse and close while it is still being sent to.
    socket.on("error", ended);
    socket.on("end", ended);
    socket.write(Buffer.concat([Buffer.from(head(call), "latin1"), call.body]));
    if (call.ends) socket.end();
  });
}

function head({ method, target, headers }: RawCall): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return `${[`${method} ${target} HTTP/1.1`, ...lines].join("\r\n")}\r\n\r\n`;
}

/** Null while there is more to come. @param ended whether nothing can come any more */
function readAnswer(received: string, method: string, ended: boolean): RawAnswer | null {
  // `100 Continue` comes before the answer.
  const text = received.replace(/^HTTP\/1\.1 1\d\d[^]*?\r\n\r\n/, "");
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = new Map(lines.map((line) => splitHeader(line)));
  const body = bodyOf(text.slice(end + 4), headers, method === "HEAD", ended);
  if (body === null) return null;
  return { status: Number(first.split(" ")[1]), headers, body: Buffer.from(body, "latin1").toString("utf8"), text };
}

function splitHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function bodyOf(rest: string, headers: ReadonlyMap<string, string>, empty: boolean, ended: boolean): string | null {
  if (empty) return "";
  const length = headers.get("content-length");
  if (length !== undefined) return rest.length >= Number(length) ? rest.slice(0, Number(length)) : null;
  if (headers.get("transfer-encoding") === "chunked") return unchunked(rest);
  return ended ? rest : null;
}

/** RFC 9112, section 7.1; null before the last chunk. */
function unchunked(rest: string): string | null {
  let body = "";
  for (let at = 0; ; ) {
    const line = rest.indexOf("\r\n", at);
    if (line < 0) return null;
    const size = Number.parseInt(rest.slice(at, line), 16);
    if (size === 0) return body;
    const next = line + 2 + size + 2;
    if (!(next <= rest.length)) return null;
    body += rest.slice(line + 2, line + 2 + size);
    at = next;
  }
}
