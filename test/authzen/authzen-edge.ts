/** The real Worker with a policy of a gateway `front_door`, as in production, and questions to it as AuthZEN has them. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SignJWT } from "jose";
import { readKeys } from "../../cli/local/edge-keys.ts";
import { startEdge } from "../../cli/local/start-edge.ts";
import { makeKeys, signAssertion } from "../harness/agent-keys.ts";
import { compiledTable } from "../harness/compiled-table.ts";
import { type Call, httpCall, type Reply } from "../harness/http-call.ts";

const FIXTURE = join(import.meta.dirname, "../../examples/05-authzen/records.agentpolicy");
/** What the world calls it; behind it stands this machine. */
export const BASE = "https://policy.example";

export type Body = Readonly<Record<string, unknown>>;

export interface AuthzenEdge {
  readonly url: string;
  /** With a gateway token of `front_door`, unless the call brings its own. */
  readonly ask: (path: string, body: unknown, call?: Call) => Promise<Reply>;
  readonly call: (path: string, call?: Call) => Promise<Reply>;
  /** `GET /v1/approvals/…` with the gateway token. */
  readonly follow: (approval: string) => Promise<Reply>;
  readonly assertion: (name: string) => Promise<string>;
  /** Ends a session, as only who holds its token could. */
  readonly close: (session: string, agent: string) => Promise<void>;
  readonly reload: (edit: (policy: string) => string) => Promise<void>;
  readonly personToken: (email: string) => Promise<string>;
  readonly requesterToken: (email: string, agent: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

export const fixture = (): string => readFileSync(FIXTURE, "utf8");

/** @param environment of the deployment; `development` has an issuer for people and requesters */
export async function startAuthzenEdge(
  policy: string = fixture(),
  environment: "production" | "development" = "production",
): Promise<AuthzenEdge> {
  const keys = await makeKeys(["front_door"]);
  const own = (text: string): string =>
    text.replace(
      /(gateway front_door \{\s+identity key ed25519 )"[^"]*"/,
      `$1"${keys.public.get("front_door") ?? ""}"`,
    );
  const edge = await startEdge({ table: compiledTable(own(policy)), directory: null });
  const { url } = edge;
  let sequence = 1;
  const run = (text: string): Promise<void> => {
    if (environment === "development") return edge.reload(compiledTable(own(text)));
    sequence += 1;
    const DEPLOYMENT = JSON.stringify({ sequence, environment, origins: [BASE, url] });
    return edge.reload(compiledTable(own(text)), { DEPLOYMENT, DEVELOPMENT_ISSUER: null });
  };
  if (environment === "production") await run(policy);
  const assertion = (name: string): Promise<string> => {
    const key = keys.keys.get("front_door");
    if (key === undefined) throw new Error("no key");
    return signAssertion(url, name, key);
  };
  const call = (path: string, what: Call = {}): Promise<Reply> => patiently(() => httpCall(url, path, what));
  const opened = await call("/v1/gateway/token", { method: "POST", token: await assertion("front_door") });
  const token = String(opened.body["token"]);
  return {
    url,
    call,
    assertion,
    ask: (path, body, what = {}) => call(`/access/v1/${path}`, { method: "POST", token, body, ...what }),
    follow: (approval) => call(`/v1/approvals/${approval}`, { token }),
    close: async (session, agent) => {
      const { session_token_key } = await readKeys(edge.directory);
      const signed = await sessionToken(session_token_key, {
        session,
        agent,
        audience: `${nameOf(policy)}/${environment}`,
      });
      const reply = await call("/v1/session", { method: "DELETE", token: signed });
      if (reply.status !== 200) throw new Error(`not closed: ${reply.status} ${reply.text}`);
    },
    reload: (edit) => run(edit(policy)),
    personToken: (email) => edge.personToken({ email }),
    requesterToken: (email, agent) => edge.requesterToken({ email, agent }),
    stop: () => edge.stop(),
  };
}

function nameOf(policy: string): string {
  return /^policy "([^"]*)"/m.exec(policy)?.[1] ?? "";
}

interface Held {
  readonly session: string;
  readonly agent: string;
  readonly audience: string;
}

/** As the Worker signs it. */
function sessionToken(key: string, { session, agent, audience }: Held): Promise<string> {
  const kid = createHash("sha256").update(`session token key ${key}`).digest("hex").slice(0, 16);
  const env = audience.split("/").at(-1);
  return new SignJWT({ sid: session, root: session, env, chain: [{ session, agent }], req: null, gtw: "front_door" })
    .setProtectedHeader({ alg: "HS256", typ: "agentpolicy-session+jwt", kid })
    .setIssuer("urn:agentpolicy:edge")
    .setAudience(audience)
    .setSubject(agent)
    .setIssuedAt()
    .setExpirationTime("1m")
    .sign(Buffer.from(key, "base64url"));
}

/** A session asks at most 20 times a second: a case that isn't about floods waits for its turn. */
async function patiently(call: () => Promise<Reply>): Promise<Reply> {
  for (let tries = 0; ; tries += 1) {
    const reply = await call();
    const flooded = reply.status === 429 || reply.text.includes('"error":{"status":429');
    if (!flooded || tries === 20) return reply;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
