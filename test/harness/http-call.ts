/** Plain HTTP towards an edge: no client that could be too polite. */

export interface Call {
  readonly method?: string;
  readonly token?: string | null;
  /** A string or bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  /** Empty where it isn't JSON. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly headers: Headers;
}

export async function httpCall(url: string, path: string, call: Call = {}): Promise<Reply> {
  const { method = "GET", token = null, body, headers = {} } = call;
  const raw = typeof body === "string" || body instanceof Uint8Array;
  const sent = new Headers();
  if (token !== null) sent.set("authorization", `Bearer ${token}`);
  if (body !== undefined) sent.set("content-type", "application/json");
  for (const [name, value] of Object.entries(headers)) sent.set(name, value);
  const response = await fetch(`${url}${path}`, {
    method,
    headers: sent,
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  const json = type.includes("json") && !type.includes("ndjson");
  return {
    status: response.status,
    body: json ? (JSON.parse(text) as Reply["body"]) : {},
    text,
    headers: response.headers,
  };
}
