/**
 * A record as a message of Standard Webhooks, signed with HMAC-SHA-256 by every secret that counts now.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac } from "node:crypto";
import { fieldsOf, type Outgoing, textOf } from "./outgoing.ts";

export interface WebhookMessage {
  readonly body: string;
  readonly headers: { readonly [name: string]: string };
}

const PREFIX = "whsec_";

/** The id is the record's own, so that whoever gets it twice can tell. */
export function signWebhook(outgoing: Outgoing, secrets: readonly string[], now: number): WebhookMessage {
  const record = fieldsOf(outgoing);
  const id = `rec_${(textOf(record["hash"]) ?? `${outgoing.log}_${outgoing.seq}`).replace("sha256:", "")}`;
  const timestamp = String(Math.floor(now / 1_000));
  const body = JSON.stringify({
    type: `agentpolicy.${record.kind}`,
    timestamp: record.at,
    data: { record: JSON.parse(outgoing.text) as unknown, ...(outgoing.args === null ? {} : { args: outgoing.args }) },
  });
  const signatures = secrets.map((secret) => `v1,${signature(secret, `${id}.${timestamp}.${body}`)}`);
  return {
    body,
    headers: {
      "Content-Type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": signatures.join(" "),
    },
  };
}

function signature(secret: string, text: string): string {
  return createHmac("sha256", keyOf(secret)).update(text).digest("base64");
}

function keyOf(secret: string): Uint8Array {
  return Uint8Array.from(atob(secret.slice(PREFIX.length)), (character) => character.charCodeAt(0));
}

/** 24 to 64 bytes, as the specification wants them. */
export function isWebhookSecret(secret: string): boolean {
  if (!/^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(secret)) return false;
  const { length } = keyOf(secret);
  return length >= 24 && length <= 64;
}
