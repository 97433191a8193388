/** The session's token, renewed before it ends: sessions live for hours, their tokens for minutes. */
import { shown } from "./credential.ts";
import type { Credential } from "./credential.ts";
import { readRefusal, readToken } from "./read-answer.ts";
import { withRetry } from "./retry.ts";
import { send } from "./transport.ts";
import type { Transport } from "./transport.ts";

/** A token is renewed when less than this is left of it. */
const RENEW_BEFORE = 60_000;

export interface HeldToken {
  /** Good for a call now, as far as this machine's clock knows. */
  fresh(): Promise<string>;
  /** Another one than `used`, which the edge refused. */
  after(used: string): Promise<string>;
}

interface Held {
  readonly token: string;
  readonly renewAt: number;
}

interface Given {
  readonly token: string;
  readonly token_expires_at: string;
}

/** @param credential Gives the agent's credential, a new one each time. */
export function heldToken(transport: Transport, credential: Credential, given: Given): HeldToken {
  let held = hold(given);
  let renewal: Promise<void> | null = null;
  const renew = (): Promise<void> => {
    renewal ??= renewToken(transport, credential, held.token)
      .then((fresh) => {
        held = fresh;
      })
      .finally(() => {
        renewal = null;
      });
    return renewal;
  };
  return {
    fresh: async () => {
      if (Date.now() >= held.renewAt) await renew();
      return held.token;
    },
    after: async (used) => {
      if (held.token === used) await renew();
      return held.token;
    },
  };
}

async function renewToken(transport: Transport, credential: Credential, token: string): Promise<Held> {
  const reply = await withRetry(async () =>
    send(transport, {
      method: "POST",
      path: "/v1/session/token",
      headers: { ...shown(await credential()), "session-token": token },
      body: {},
    }),
  );
  if (isDenial(reply.body)) throw readRefusal(reply.body);
  return hold(readToken(reply.body));
}

function isDenial(body: unknown): boolean {
  return typeof body === "object" && body !== null && "decision" in body;
}

function hold({ token, token_expires_at: end }: Given): Held {
  return { token, renewAt: Date.parse(end) - RENEW_BEFORE };
}

export function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}
