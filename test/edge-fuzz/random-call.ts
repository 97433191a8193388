/** One call that nobody should make, from a seed: a route of the edge, and something wrong with any part of it. */
import type { Random } from "../fuzz/random.ts";
import { ANYBODY, callersOf } from "./callers.ts";
import type { CredentialKind } from "./callers.ts";
import { randomBody } from "./random-body.ts";
import type { Sound } from "./random-body.ts";
import type { RawCall } from "../harness/raw-call.ts";

export interface Route {
  /** As the edge's table of routes has it, such as `/v1/approvals/:id`. */
  readonly path: string;
  readonly methods: readonly string[];
}

/** What there is at the edge that a call could name. */
export interface Known {
  readonly host: string;
  readonly routes: readonly Route[];
  /** Values of a path's parameters, by name; any other gets one of all of these. */
  readonly names: { readonly [parameter: string]: readonly string[] };
  /** By method and path; any other gets all fields of all of these. */
  readonly bodies: { readonly [call: string]: Sound };
  readonly credentials: { readonly [Kind in CredentialKind]: (random: Random) => Promise<string> };
}

export interface FuzzCall {
  readonly route: Route;
  readonly credential: CredentialKind;
  /** What must not come back. */
  readonly secrets: readonly string[];
  /** Whether HTTP itself is broken, so that the runtime may refuse it before the edge sees it. */
  readonly broken: boolean;
  readonly raw: RawCall;
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;
const ODD_METHODS = ["TRACE", "get", "PROPFIND", "QUERY", "PURGE"] as const;

export async function randomCall(random: Random, known: Known): Promise<FuzzCall> {
  const route = random.pick(known.routes);
  const method = randomMethod(random, route);
  // What stops at the first question never gets to the others.
  const credential = random.pick(random.once(4) ? ANYBODY : callersOf(method, route.path));
  const secret = await known.credentials[credential](random);
  const odd = random.once(6) ? random.pick(ODD_HEADERS) : null;
  const body = randomBody(random, known.bodies[`${method} ${route.path}`] ?? everyField(known));
  const framed = frame(random, method, body);
  const headers = [
    ["Host", known.host] as const,
    ["Connection", "close"] as const,
    ...credentialHeaders(random, secret),
    ...(odd?.headers ?? []),
    ...framed.headers,
  ];
  const broken = framed.broken || odd?.broken === true || !METHODS.includes(method as (typeof METHODS)[number]);
  return {
    route,
    credential,
    secrets: secret === "" ? [] : [secret.split(".").at(-1) ?? secret],
    broken,
    raw: { method, target: randomTarget(random, route, known), headers, body: framed.body, ends: framed.broken },
  };
}

function randomMethod(random: Random, route: Route): string {
  if (!random.once(3)) return random.pick(route.methods);
  return random.once(8) ? random.pick(ODD_METHODS) : random.pick(METHODS);
}

function everyField(known: Known): Sound {
  return Object.assign({}, ...Object.values(known.bodies)) as Sound;
}

const ODD_NAMES: readonly string[] = [
  "%00",
  "%2e%2e",
  "%2F",
  "%252f",
  "%5c",
  "%",
  "%zz",
  "%ff",
  "%c0%ae",
  ".",
  "..",
  "*",
  "__proto__",
  "constructor",
  "a%0d%0aX-Injected:%201",
  "-1",
  "1e9",
  "99999999999",
  "x".repeat(3_000),
  "%F0%9F%92%A9",
  "",
];

const QUERIES: readonly string[] = [
  "",
  "",
  "",
  "?",
  "?history=true",
  "?status=approved",
  "?wait=0",
  "?wait=-1",
  "?wait=99",
  "?wait=1e1",
  "?after=-1",
  "?after=99999999999",
  "?after=1&after=2",
  "?agent=",
  "?agent=nobody",
  "?agent=%00",
  "?agent=__proto__",
  "?agent=%ff%zz",
  "?id=x",
  "?__proto__=1",
  `?x=${"y".repeat(6_000)}`,
  "?status=pending&status=used",
];

function randomTarget(random: Random, { path }: Route, known: Known): string {
  const all = Object.values(known.names).flat();
  const filled = path.replaceAll(/:(\w+)/g, (_, parameter: string) => {
    const pool = known.names[parameter] ?? all;
    return random.once(3) ? random.pick([...ODD_NAMES, ...all]) : random.pick(pool);
  });
  const query = random.pick(QUERIES);
  if (!random.once(6)) return filled + query;
  return random.pick([
    `${filled}/`,
    `/${filled}`,
    `${filled}/..`,
    `/x/..${filled}`,
    `/%2e${filled}`,
    filled.replace("/v1", "/V1"),
    filled.replaceAll("/", "%2f").replace("%2f", "/"),
    filled.replace("s", "%73"),
    `${filled};x=1`,
    `${filled}%00`,
    `${filled}\\x`,
    `${filled}#x`,
    `${filled}/${"y/".repeat(500)}`,
    `http://${known.host}${filled}`,
    `http://evil.example${filled}`,
  ]);
}

interface OddHeaders {
  readonly headers: readonly (readonly [string, string])[];
  readonly broken?: boolean;
}

const ODD_HEADERS: readonly OddHeaders[] = [
  { headers: [["X-Long", "x".repeat(6_000)]] },
  { headers: [["X-Longer", "x".repeat(100_000)]], broken: true },
  { headers: Array.from({ length: 90 }, (_, at) => [`X-Many-${at}`, "1"] as const) },
  { headers: Array.from({ length: 3_000 }, (_, at) => [`X-Many-${at}`, "1"] as const), broken: true },
  { headers: [["Authorization", "Bearer other"]] },
  { headers: [["Authorization", "Basic b2RhQGNvcnAuZXhhbXBsZTp4"]] },
  { headers: [["Session-Token", "eyJhbGciOiJub25lIn0.e30."]] },
  { headers: [["Cf-Access-Jwt-Assertion", "eyJhbGciOiJub25lIn0.e30."]] },
  {
    headers: [
      ["CF-Connecting-IP", "127.0.0.1, \u00ff"],
      ["CF-IPCountry", "XX"],
      ["Cf-Worker", "x"],
    ],
  },
  {
    headers: [
      ["X-Forwarded-For", "10.0.0.1"],
      ["X-Forwarded-Host", "evil.example"],
      ["Forwarded", "host=evil"],
    ],
  },
  {
    headers: [
      ["X-HTTP-Method-Override", "DELETE"],
      ["X-Original-URL", "/v1/switches"],
    ],
  },
  { headers: [["MF-CF-Blob", '{"country":"XX"}']] },
  { headers: [["Accept", "text/html;q=0.9, */*;q=\u00e9"]] },
  { headers: [["Accept", ""]] },
  { headers: [["Accept-Encoding", "x-nothing"]] },
  { headers: [["Content-Encoding", "gzip"]] },
  { headers: [["Range", "bytes=0-0"]] },
  { headers: [["If-None-Match", "*"]] },
  { headers: [["Origin", "https://evil.example"]] },
  { headers: [["Origin", "null"]] },
  { headers: [["Host", "evil.example"]], broken: true },
  { headers: [["Cookie", "a=b; ".repeat(400)]] },
  { headers: [["traceparent", "00-zz-zz-zz"]] },
  { headers: [["Expect", "100-continue"]] },
  { headers: [["Expect", "the-impossible"]], broken: true },
  {
    headers: [
      ["Upgrade", "websocket"],
      ["Sec-WebSocket-Version", "13"],
      ["Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="],
    ],
    broken: true,
  },
  { headers: [["Bad Name", "1"]], broken: true },
  { headers: [["X-Nul", "a\u0000b"]], broken: true },
  { headers: [["X-Fold", "a\r\n b"]], broken: true },
];

function credentialHeaders(random: Random, secret: string): readonly (readonly [string, string])[] {
  if (secret === "") return [];
  const sound = ["Authorization", `Bearer ${secret}`] as const;
  if (!random.once(5)) return [sound];
  return random.pick([
    [sound, sound],
    [["authorization", `bearer ${secret}`] as const],
    [["Authorization", secret] as const],
    [["Authorization", `Bearer  ${secret} `] as const],
    [["Authorization", `Basic ${secret}`] as const],
    [["Session-Token", secret] as const],
    [sound, ["Session-Token", secret] as const],
    [["Cf-Access-Jwt-Assertion", secret] as const],
    [["Cookie", `CF_Authorization=${secret}`] as const],
  ]);
}

const TYPES: readonly (string | null)[] = [
  null,
  "",
  "text/plain",
  "application/JSON",
  "application/json;",
  "application/json; charset=utf-8",
  "application/json; charset=utf-16",
  "application/json; charset=latin1",
  "application/json, text/html",
  "application/problem+json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  `application/${"x".repeat(3_000)}`,
];

interface Framed {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
  readonly broken: boolean;
}

/** How the body says where it ends, truly or not. */
function frame(random: Random, method: string, body: Uint8Array): Framed {
  if ((method === "GET" || method === "HEAD") && !random.once(6))
    return { headers: [], body: new Uint8Array(), broken: false };
  const type = random.once(5) ? random.pick(TYPES) : "application/json";
  const typed = type === null ? [] : [["Content-Type", type] as const];
  const length = (bytes: number | string) => ["Content-Length", String(bytes)] as const;
  const chunked = ["Transfer-Encoding", "chunked"] as const;
  if (!random.once(8)) return { headers: [...typed, length(body.length)], body, broken: false };
  const wrong = (headers: Framed["headers"], sent = body): Framed => ({
    headers: [...typed, ...headers],
    body: sent,
    broken: true,
  });
  return random.pick([
    () => ({ headers: [...typed, chunked], body: inChunks(random, body), broken: false }),
    () => wrong([length(body.length + 7)]),
    () => wrong([length(Math.max(0, body.length - 3))]),
    () => wrong([length(body.length), length(body.length + 1)]),
    () => wrong([length("-1")]),
    () => wrong([length("9999999999999999999")]),
    () => wrong([chunked, length(body.length)], inChunks(random, body)),
    () => wrong([chunked]),
    () => wrong([chunked], inChunks(random, body).subarray(0, -3)),
    () => wrong([["Transfer-Encoding", "gzip, chunked"]], inChunks(random, body)),
    () => wrong([]),
  ])();
}

function inChunks(random: Random, body: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const size = Math.min(body.length - at, 1 + random.below(8_000));
    parts.push(Buffer.from(`${size.toString(16)}\r\n`), body.subarray(at, at + size), Buffer.from("\r\n"));
    at += size;
  }
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
}
