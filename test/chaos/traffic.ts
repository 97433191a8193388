/** Fifty agents that ask without end, an approver, and operators that kill and lift; all of it is written down. */
import { personToken, requesterToken } from "../../cli/local/development-tokens.ts";
import type { EdgeKeys } from "../../cli/local/edge-keys.ts";
import { randomFrom } from "../fuzz/random.ts";
import type { Random } from "../fuzz/random.ts";
import { signAssertion } from "../harness/agent-keys.ts";
import type { AgentKeys } from "../harness/agent-keys.ts";
import { httpCall } from "../harness/http-call.ts";
import type { Call, Reply } from "../harness/http-call.ts";
import type { Journal, Kill } from "./journal.ts";
import { APPROVER, calledBy, OPERATOR } from "./policy-text.ts";

/** Milliseconds. */
const PATIENCE = 10_000;
/** How often a call that got no answer is made again. */
const TRIES = 4;
const REQUESTERS = 6;

interface Session {
  readonly id: string;
  readonly token: string;
  readonly agent: string;
  /** Token of the session at the top of its tree. */
  readonly top: string;
}

interface Request {
  readonly action: string;
  readonly args: { readonly [name: string]: string };
  readonly approval?: string;
}

export interface TrafficInput {
  readonly url: string;
  readonly keys: EdgeKeys;
  readonly agents: AgentKeys;
  /** Names of those that ask. */
  readonly asking: readonly string[];
  readonly journal: Journal;
  readonly seed: number;
}

export class Traffic {
  readonly #input: TrafficInput;
  readonly #journal: Journal;
  #stopped = false;
  #running: Promise<unknown> | null = null;
  #made = 0;

  constructor(input: TrafficInput) {
    this.#input = input;
    this.#journal = input.journal;
  }

  start(): void {
    const { seed, asking } = this.#input;
    const random = (of: number): Random => randomFrom(seed * 1000 + of);
    this.#running = Promise.all([
      ...asking.flatMap((agent, at) => [this.#agent(agent, random(2 * at)), this.#agent(agent, random(2 * at + 1))]),
      this.#approver(random(900)),
      // Each has its own targets, so that what one kills no other lifts.
      ...[0, 1, 2].map((of) => this.#killer(of, random(901 + of))),
    ]);
  }

  /** Every loop comes to its end, and every switch is lifted. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #agent(agent: string, random: Random): Promise<void> {
    let session: Session | null = null;
    while (!this.#stopped) {
      session ??= await this.#open(agent, random);
      await pause(session === null ? 500 : random.below(1_200));
      if (session !== null && !(await this.#step(session, random))) session = null;
    }
  }

  async #open(agent: string, random: Random): Promise<Session | null> {
    const { url, agents, keys } = this.#input;
    const key = agents.keys.get(agent);
    if (key === undefined) throw new Error(`no key of ${agent}`);
    const email = `kim-${random.below(REQUESTERS)}@corp.example`;
    const body = random.once(2) ? { requester_token: await requesterToken(keys, { email, agent }) } : {};
    const reply = await this.#call("/v1/sessions", {
      method: "POST",
      token: await signAssertion(url, agent, key),
      body,
    });
    if (reply?.status !== 201) return null;
    const root = this.#noteOpened(agent, reply);
    return random.once(3) ? this.#openBelow(root, random) : root;
  }

  #noteOpened(agent: string, { body }: Reply, top?: string): Session {
    const { session, token } = body as { session: { id: string }; token: string };
    this.#journal.sessions.set(session.id, agent);
    return { id: session.id, token, agent, top: top ?? token };
  }

  /** The lowest of those that could be opened; at most three below the root. */
  async #openBelow(above: Session, random: Random): Promise<Session> {
    const agent = calledBy(above.agent);
    const asked = await this.#call("/v1/session/delegations", { method: "POST", token: above.token, body: { agent } });
    if (asked?.status !== 201) return above;
    const ticket = String(asked.body["ticket"]);
    // One ticket, sent twice at once: it opens one session.
    const opened = await Promise.all([1, 2].map(() => this.#redeem(agent, ticket)));
    const admitted = opened.filter((reply) => reply?.status === 201);
    if (admitted.length > 1) this.#journal.odd.push(`a ticket opened ${admitted.length} sessions`);
    const [first] = admitted;
    if (first === undefined || first === null) return above;
    const below = this.#noteOpened(agent, first, above.top);
    return random.once(2) ? this.#openBelow(below, random) : below;
  }

  async #redeem(agent: string, ticket: string): Promise<Reply | null> {
    const { url, agents } = this.#input;
    const key = agents.keys.get(agent);
    if (key === undefined) throw new Error(`no key of ${agent}`);
    const token = await signAssertion(url, agent, key);
    return this.#call("/v1/sessions", { method: "POST", token, body: { ticket } });
  }

  /** False when the session is over. */
  async #step(session: Session, random: Random): Promise<boolean> {
    if (random.once(60)) {
      await this.#call("/v1/session", { method: "DELETE", token: session.top });
      return false;
    }
    const request = randomRequest(random);
    const replies = await Promise.all(this.#ids(random).map((id) => this.#ask(session, request, random, id)));
    const first = replies[0];
    if (first?.status === 401 || first?.body["reason"] === "session_expired") return false;
    const { approval } = (first?.body ?? {}) as { approval?: { id: string } };
    if (first?.body["decision"] === "ask" && approval !== undefined)
      await this.#use(session, { ...request, approval: approval.id }, random);
    return true;
  }

  /** Waits for the approver, then uses the approval by two requests at once. */
  async #use(session: Session, request: Request & { readonly approval: string }, random: Random): Promise<void> {
    for (let polls = 0; polls < 20 && !this.#stopped; polls++) {
      await pause(300);
      const reply = await this.#call(`/v1/approvals/${request.approval}`, { token: session.token });
      const status = reply?.body["status"];
      if (status === "pending" || reply?.status !== 200) continue;
      if (status === "approved") await Promise.all([1, 2].map(() => this.#ask(session, request, random, this.#id())));
      return;
    }
  }

  /** Tries again under the same request id where no answer came, as a client should. */
  async #ask(session: Session, request: Request, random: Random, request_id: string): Promise<Reply | null> {
    const sent = Date.now();
    for (let tries = 0; tries < TRIES; tries++) {
      const body = { ...request, request_id };
      const reply = await this.#call("/v1/authorize", { method: "POST", token: session.token, body });
      if (reply !== null && reply.status !== 503 && reply.status !== 429) {
        if (reply.status === 200) this.#note(session, request, request_id, sent, reply);
        return reply;
      }
      await pause(200 + random.below(1_500));
    }
    return null;
  }

  #note(session: Session, request: Request, request_id: string, sent: number, { body }: Reply): void {
    const { decision, decision_id, reason } = body as { decision: string; decision_id: string; reason: string };
    const { action, approval = null } = request;
    const asked = { session: session.id, request_id, action, approval, sent, received: Date.now() };
    this.#journal.asked.push({ ...asked, decision, decision_id, reason });
  }

  async #approver(random: Random): Promise<void> {
    const token = await personToken(this.#input.keys, { email: APPROVER });
    while (!this.#stopped) {
      await pause(700);
      const listed = await this.#call("/v1/approvals", { token });
      const approvals = (listed?.body["approvals"] ?? []) as { id: string; request_digest: string }[];
      for (const { id, request_digest } of approvals) {
        const decision = random.once(5) ? "deny" : "approve";
        const body = { decision, reason: "seen", request_digest };
        await this.#call(`/v1/approvals/${id}/decision`, { method: "POST", token, body });
      }
    }
  }

  async #killer(of: number, random: Random): Promise<void> {
    const token = await personToken(this.#input.keys, { email: OPERATOR });
    while (!this.#stopped) {
      await pause(200 + random.below(1_500));
      const { scope, name } = this.#target(of, random);
      const path = `/v1/switches/${scope}/${name}`;
      const reply = await this.#call(path, { method: "PUT", token, body: { reason: "chaos" } });
      if (reply?.status === 202) {
        const pending = Number(reply.body["sessions_pending"]);
        const kill: Kill = { scope, name, acknowledged: Date.now(), pending, lifted: Number.POSITIVE_INFINITY };
        this.#journal.kills.push(kill);
        await pause(random.below(scope === "fleet" ? 1_500 : 6_000));
        kill.lifted = Date.now();
      }
      // Whether it was flipped isn't known where no answer came.
      await this.#lift(path, token);
    }
  }

  async #lift(path: string, token: string): Promise<void> {
    for (;;) {
      const reply = await this.#call(path, { method: "DELETE", token, body: { reason: "chaos is over" } });
      if (reply?.status === 202 || reply?.status === 404) return;
      await pause(300);
    }
  }

  #target(of: number, random: Random): Pick<Kill, "scope" | "name"> {
    if (of === 0 && random.once(4)) return { scope: "fleet", name: "*" };
    const { asking } = this.#input;
    const sessions = [...this.#journal.sessions.keys()].slice(-asking.length * 2).filter((_, at) => at % 2 === 0);
    if (of === 1 && sessions.length > 0) return { scope: "session", name: random.pick(sessions) };
    return { scope: "agent", name: random.pick(asking.filter((_, at) => at % 3 === of)) };
  }

  /** Null where no answer came. */
  async #call(path: string, call: Call): Promise<Reply | null> {
    try {
      const reply = await withPatience(httpCall(this.#input.url, path, call));
      if (reply.status === 503) this.#journal.unanswered++;
      if (reply.status >= 500 && reply.status !== 503)
        this.#journal.odd.push(`${call.method ?? "GET"} ${path}: ${reply.status} ${reply.text}`);
      return reply;
    } catch {
      this.#journal.unanswered++;
      return null;
    }
  }

  #id(): string {
    this.#made += 1;
    return `chaos-${this.#made}`;
  }

  /** One, or the same sent several times at once, or several at once. */
  #ids(random: Random): readonly string[] {
    const first = this.#id();
    return random.pick([
      ...Array.from({ length: 6 }, () => [first]),
      [first, first, first],
      [first, this.#id(), this.#id(), this.#id()],
    ]);
  }
}

function randomRequest(random: Random): Request {
  const text = `x${random.below(1_000)}`;
  return random.pick<() => Request>([
    () => ({ action: "tick", args: {} }),
    () => ({ action: "ping", args: { text } }),
    () => ({ action: "mail", args: { to: text } }),
    () => ({ action: "serve", args: { order: text } }),
    () => ({ action: "pay", args: { to: text, amount: `${1 + random.below(9)}.${random.below(10)}` } }),
    () => ({ action: "wipe", args: { disk: text } }),
  ])();
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((next) => setTimeout(next, milliseconds));
}

async function withPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), PATIENCE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
