/**
 * The variable `EXPORTS`: a JSON list of sinks, with names of secrets where secrets belong. A wrong one is a deployment
 * gone wrong: nothing starts, rather than records going nowhere unseen.
 */
import * as z from "zod/mini";
import { KEY_TIMES } from "../key-times.ts";
import { parseJson } from "../parse-json.ts";
import { isWebhookSecret } from "./sign-webhook.ts";
import type { Sink } from "./sink.ts";

export type ReadSinks =
  | { readonly ok: true; readonly sinks: readonly Sink[] }
  /** Which part is wrong, and never what it holds. */
  | { readonly ok: false; readonly problem: string };

export type Secrets = { readonly [name: string]: unknown };

const secret = z.string().check(z.regex(/^[A-Z][A-Z0-9_]{0,63}$/));
const address = z.string().check(z.regex(/^https?:\/\/[^\s]+$/));
const seconds = z.number().check(z.minimum(0.1), z.maximum(86_400));

const common = {
  name: z.string().check(z.regex(/^[a-z][a-z0-9_-]{0,31}$/)),
  arguments: z.optional(z.boolean()),
  batch: z.optional(z.int().check(z.minimum(1), z.maximum(500))),
  retry: z.optional(
    z.strictObject({
      attempts: z.optional(z.int().check(z.minimum(1), z.maximum(1_000))),
      first: z.optional(seconds),
      longest: z.optional(seconds),
    }),
  ),
};
const format = z.optional(z.enum(["records", "ocsf"]));

const schema = z.array(
  z.discriminatedUnion("kind", [
    z.strictObject({
      ...common,
      kind: z.literal("s3"),
      endpoint: address,
      bucket: z.string().check(z.regex(/^[a-z0-9][a-z0-9.-]{1,62}$/)),
      region: z.optional(z.string().check(z.regex(/^[a-z0-9-]{1,32}$/))),
      prefix: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_.=/-]{0,200}$/))),
      format,
      access_key_id: secret,
      secret_access_key: secret,
    }),
    z.strictObject({ ...common, kind: z.literal("http"), url: address, format, authorization: z.optional(secret) }),
    z.strictObject({
      ...common,
      kind: z.literal("splunk"),
      url: address,
      token: secret,
      index: z.optional(z.string().check(z.regex(/^[a-z0-9_-]{1,80}$/))),
      channel: z.optional(z.string().check(z.regex(/^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/))),
    }),
    z.strictObject({
      ...common,
      kind: z.literal("otlp"),
      url: address,
      headers: z.optional(z.record(z.string().check(z.regex(/^[A-Za-z0-9-]{1,64}$/)), secret)),
    }),
    z.strictObject({
      ...common,
      kind: z.literal("webhook"),
      url: address,
      secrets: z.array(secret).check(z.minLength(1), z.maxLength(2)),
    }),
  ]),
);

type Written = z.output<typeof schema>[number];

/** @param plain whether `http://` will do, as it does on the machine of who develops */
export function readSinks(value: unknown, secrets: Secrets, plain: boolean): ReadSinks {
  if (value === undefined || value === "") return { ok: true, sinks: [] };
  const read = schema.safeParse(parseJson(value));
  if (!read.success) return wrong(faultOf(read.error));
  const names = read.data.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return wrong(`there are two sinks \`${twice}\``);
  try {
    return { ok: true, sinks: read.data.map((written) => sinkOf(written, secrets, plain)) };
  } catch (error) {
    if (error instanceof Unfit) return wrong(error.message);
    throw error;
  }
}

class Unfit extends Error {}

function wrong(what: string): ReadSinks {
  return { ok: false, problem: `the variable EXPORTS is wrong: ${what}` };
}

/** Where it is, as `0.url`; the library's words about what was expected are of types. */
function faultOf({ issues }: z.core.$ZodError): string {
  const [issue] = issues;
  const path = issue?.path.map(String).join(".") ?? "";
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys.find((key) => FIELD.test(key)) : undefined;
  if (unknown !== undefined) return `\`${path}.${unknown}\` is no field of this kind of sink`;
  return path === "" ? "it is no JSON list of sinks" : `\`${path}\` is missing, unknown or malformed`;
}

/** What looks otherwise may be a secret that strayed. */
const FIELD = /^[a-z_]{1,32}$/;

const RETRY = { attempts: 20, first: 1, longest: 300 } as const;
const BATCH = 100;

function sinkOf(written: Written, secrets: Secrets, plain: boolean): Sink {
  const { name, batch = BATCH, retry } = written;
  const common = {
    name,
    arguments: written.arguments === true,
    batch: written.kind === "webhook" ? 1 : batch,
    retry: {
      attempts: retry?.attempts ?? RETRY.attempts,
      first: 1_000 * (retry?.first ?? RETRY.first),
      longest: 1_000 * Math.max(retry?.longest ?? RETRY.longest, retry?.first ?? RETRY.first),
    },
  };
  return { ...common, ...ownPart(written, secrets, plain) };
}

type Own = { [Kind in Sink["kind"]]: Omit<Extract<Sink, { kind: Kind }>, "name" | "arguments" | "batch" | "retry"> };

function ownPart(written: Written, secrets: Secrets, plain: boolean): Own[Sink["kind"]] {
  const value = (of: string): string => secretValue(written.name, of, secrets);
  switch (written.kind) {
    case "s3":
      return {
        kind: "s3",
        endpoint: addressOf(written.name, written.endpoint, plain),
        bucket: written.bucket,
        region: written.region ?? "auto",
        prefix: written.prefix ?? "",
        format: written.format ?? "records",
        access_key_id: value(written.access_key_id),
        secret_access_key: value(written.secret_access_key),
      };
    case "http": {
      const authorization = written.authorization === undefined ? null : value(written.authorization);
      const url = addressOf(written.name, written.url, plain);
      return { kind: "http", url, format: written.format ?? "ocsf", authorization };
    }
    case "splunk": {
      const { index = null, channel = null } = written;
      return {
        kind: "splunk",
        url: addressOf(written.name, written.url, plain),
        token: value(written.token),
        index,
        channel,
      };
    }
    case "otlp": {
      const headers = Object.entries(written.headers ?? {}).map(([field, of]) => [field, value(of)] as const);
      return { kind: "otlp", url: addressOf(written.name, written.url, plain), headers: Object.fromEntries(headers) };
    }
    case "webhook":
      return {
        kind: "webhook",
        url: addressOf(written.name, written.url, plain),
        secrets: written.secrets.map((of) => webhookSecret(written.name, of, value(of))),
      };
  }
}

/** How the names of the edge's own keys begin, which are nobody's credentials. */
const OWN_KEYS = [...Object.values(KEY_TIMES).map(({ secret: name }) => name), "ARGS_MAC_KEY"];

function secretValue(sink: string, name: string, secrets: Secrets): string {
  if (OWN_KEYS.some((own) => name.startsWith(own)))
    throw new Unfit(`sink \`${sink}\` names ${name}, which is a key of the edge itself`);
  const value = secrets[name];
  // A field of a header with a line end in it would be another field.
  if (typeof value === "string" && /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)) return value;
  throw new Unfit(`sink \`${sink}\` names the secret ${name}, which is missing or malformed`);
}

function webhookSecret(sink: string, name: string, value: string): string {
  if (isWebhookSecret(value)) return value;
  throw new Unfit(`sink \`${sink}\` names the secret ${name}, which isn't \`whsec_\` and 24 to 64 bytes in base64`);
}

/** Without a slash at the end. */
function addressOf(sink: string, text: string, plain: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== "" || url.password !== "" || url.hash !== "")
    throw new Unfit(`the address of sink \`${sink}\` isn't one, or holds a password`);
  if (url.protocol !== "https:" && !plain) throw new Unfit(`the address of sink \`${sink}\` isn't https`);
  return text.replace(/\/+$/, "");
}
