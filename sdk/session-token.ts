/** The session's token: sessions live for hours, their tokens for minutes. */
import { shown } from "./credential.ts";
import type { Credential } from "./credential.ts";
import { holdToken } from "./held-token.ts";
import type { GivenToken, HeldToken } from "./held-token.ts";
import { readRefusal, readToken } from "./read-answer.ts";
import { withRetry } from "./retry.ts";
import { send } from "./transport.ts";
import type { Transport } from "./transport.ts";

/** @param credential Gives the agent's credential, a new one each time. */
export function sessionToken(transport: Transport, credential: Credential, given: GivenToken): HeldToken {
  let last = given.token;
  return holdToken(given, async () => {
    const fresh = await renewToken(transport, credential, last);
    last = fresh.token;
    return fresh;
  });
}

async function renewToken(transport: Transport, credential: Credential, token: string): Promise<GivenToken> {
  const reply = await withRetry(async () =>
    send(transport, {
      method: "POST",
      path: "/v1/session/token",
      headers: { ...shown(await credential()), "session-token": token },
      body: {},
    }),
  );
  if (isDenial(reply.body)) throw readRefusal(reply.body);
  return readToken(reply.body);
}

function isDenial(body: unknown): boolean {
  return typeof body === "object" && body !== null && "decision" in body;
}
