/**
 * What one deployment of the Worker is made of: the table (a module of its own, so that the code doesn't depend on the
 * policy), variables and secrets. Anything missing or damaged and the Worker answers 503 to everything: there is no
 * policy that it could fall back to.
 */
import * as z from "zod/mini";
import { prepare, readTable } from "../engine/index.ts";
import type { Action, Agent, Fact, Policy, Table } from "../engine/index.ts";
import { base64urlBytes } from "./base64url-bytes.ts";
import { exportsOf } from "./export/exports-of.ts";
import { developmentIssuer } from "./identity/development.ts";
import type { DevelopmentIssuer } from "./identity/development.ts";
import { identityIndex } from "./identity/identity-index.ts";
import type { IdentityIndex } from "./identity/identity-index.ts";
import type { OwnTokenKey, OwnTokenScope } from "./identity/own-token.ts";
import { readEd25519Secret } from "./ed25519-secret.ts";
import { secretsOf } from "./key-ring.ts";
import type { DatedKey, KeyRing } from "./key-ring.ts";
import { type CheckpointKeys, readCheckpointKeys } from "./ledger/checkpoint-key.ts";
import type { ObjectEnv } from "./objects/env.ts";
import { parseJson } from "./parse-json.ts";
import { sha256Hex } from "./digest.ts";
import { factsReadIn } from "./facts-read.ts";
import { openingLabels } from "./opening-labels.ts";
import { discretionOf } from "./permits/discretion.ts";
import type { Discretion } from "./permits/discretion.ts";
import type { PermitKey, PermitSigner } from "./permits/sign-permit.ts";

/** Variables and secrets (`docs/http-api.md`, "What a deployment needs"). Absent ones are undefined at run time. */
export interface Env extends ObjectEnv {
  /** JSON: `{ "sequence": 1, "environment": "production", "origins": ["https://policy.example"] }`. */
  readonly DEPLOYMENT: unknown;
  /** Secret: 32 random bytes or more, in base64url; later ones as `SESSION_TOKEN_KEY_` and the second they sign from. */
  readonly SESSION_TOKEN_KEY: string;
  /** Secret: Ed25519 private key as a JWK; later ones in the same way. */
  readonly PERMIT_KEY: string;
  /** JSON, for `agentpolicy dev` only: `{ "issuer": "…", "jwks": { "keys": […] } }`. */
  readonly DEVELOPMENT_ISSUER?: unknown;
}

export interface Deployment {
  readonly table: Table;
  readonly policy: Policy;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly actions: ReadonlyMap<string, Action>;
  readonly identities: IdentityIndex;
  readonly sequence: number;
  readonly environment: string;
  /** Audiences that mean this edge; the first is its name. */
  readonly origins: readonly string[];
  /** `policy/environment`: the audience of permits. */
  readonly audience: string;
  readonly sessions: OwnTokenScope;
  readonly permits: PermitSigner;
  readonly checkpoints: CheckpointKeys;
  readonly discretion: Discretion;
  /** Facts that the policy reads anywhere. */
  readonly reads: ReadonlySet<Fact>;
  /** Which no agent gives its session by its own word. */
  readonly opening_labels: ReadonlySet<string>;
  readonly development: DevelopmentIssuer | null;
}

export type ReadDeployment =
  | { readonly ok: true; readonly deployment: Deployment }
  /** In general words: which part is missing, never what it holds. */
  | { readonly ok: false; readonly problem: string };

export const DEVELOPMENT = "development";

const settings = z.strictObject({
  sequence: z.int().check(z.minimum(1)),
  environment: z.string().check(z.minLength(1), z.maxLength(64)),
  origins: z.array(z.string().check(z.regex(/^https?:\/\/[^/]+$/))).check(z.minLength(1)),
});

/** @param tableText The table's module: the text that the compiler wrote. */
export async function readDeployment(env: Env, tableText: unknown): Promise<ReadDeployment> {
  const table = readTableText(tableText);
  if (typeof table === "string") return missing(table);
  const variables = settings.safeParse(parseJson(env.DEPLOYMENT));
  if (!variables.success) return missing("the variable DEPLOYMENT is missing or malformed");
  const { sequence, environment, origins } = variables.data;
  const { environments } = table.body.settings;
  if (environment !== DEVELOPMENT && environments.length > 0 && !environments.includes(environment))
    return missing("the deployment's environment is none of the policy's");
  const binding = BINDINGS.find((name) => env[name] === undefined);
  if (binding !== undefined) return missing(`the binding ${binding} is missing`);
  if (!isKey(env.ARGS_MAC_KEY)) return missing("the secret ARGS_MAC_KEY is missing or too short");
  const keys = await sessionKeys(env);
  if (keys === null) return missing("the secret SESSION_TOKEN_KEY is missing or too short");
  const audience = `${table.body.name}/${environment}`;
  const permits = await readPermitSigner(env, origins[0] ?? "", audience);
  if (permits === null) return missing("the secret PERMIT_KEY is missing or no private Ed25519 JWK");
  const checkpoints = await readCheckpointKeys(env);
  if (checkpoints === null) return missing("the secret CHECKPOINT_KEY is missing or no private Ed25519 JWK");
  const development = readDevelopment(env, environment);
  if (typeof development === "string") return missing(development);
  const sinks = exportsOf(env);
  if (!sinks.ok) return missing(sinks.problem);
  const deployment: Deployment = {
    table,
    policy: prepare(table),
    agents: new Map(table.body.agents.map((agent) => [agent.name, agent])),
    actions: new Map(table.body.actions.map((action) => [action.name, action])),
    identities: identityIndex(table.body),
    sequence,
    environment,
    origins,
    audience,
    sessions: { issuer: "urn:agentpolicy:edge", audience, environment, keys },
    permits,
    checkpoints,
    discretion: discretionOf(table.body),
    reads: factsReadIn(table.body),
    opening_labels: openingLabels(table.body),
    development,
  };
  return { ok: true, deployment };
}

const BINDINGS = ["SESSION", "AGENT", "BUDGET", "SWITCHBOARD", "LEDGER", "SWITCHES"] as const;

/** Null where there is none, else the issuer or what is wrong with it. */
function readDevelopment(env: Env, environment: string): DevelopmentIssuer | string | null {
  const text = env.DEVELOPMENT_ISSUER ?? "";
  if (text === "") return null;
  // Text that can't be parsed must not pass for no issuer at all.
  const development = developmentIssuer(parseJson(text));
  if (development === "malformed") return "the variable DEVELOPMENT_ISSUER is malformed";
  return environment === DEVELOPMENT
    ? development
    : "a development issuer is configured for a deployment that isn't one";
}

function readTableText(text: unknown): Table | string {
  if (typeof text !== "string" || text.trim() === "") return "there is no decision table";
  const value = parseJson(text);
  if (value === undefined) return "the decision table is damaged";
  const read = readTable(value, sha256Hex, text);
  return read.ok ? read.table : "the decision table is damaged or of another version";
}

/** 32 bytes in base64url, or more. */
function isKey(text: unknown): text is string {
  return typeof text === "string" && /^[\w-]{43,}$/.test(text);
}

async function sessionKeys(env: Env): Promise<KeyRing<OwnTokenKey> | null> {
  const ring = secretsOf("session", env);
  if (ring.length === 0) return null;
  const keys: DatedKey<OwnTokenKey>[] = [];
  for (const { from, key } of ring) {
    if (!isKey(key)) return null;
    keys.push({ from, key: await importSessionKey(key) });
  }
  return keys;
}

async function importSessionKey(text: string): Promise<OwnTokenKey> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const secret = await crypto.subtle.importKey("raw", base64urlBytes(text), algorithm, false, ["sign", "verify"]);
  return { kid: sha256Hex(`session token key ${text}`).slice(0, 16), secret };
}

async function readPermitSigner(env: Env, issuer: string, audience: string): Promise<PermitSigner | null> {
  const ring = secretsOf("permit", env);
  if (ring.length === 0) return null;
  const keys: DatedKey<PermitKey>[] = [];
  for (const { from, key } of ring) {
    const read = await readPermitKey(key);
    if (read === null) return null;
    keys.push({ from, key: read });
  }
  return { issuer, audience, keys };
}

async function readPermitKey(value: unknown): Promise<PermitKey | null> {
  const read = await readEd25519Secret(parseJson(value));
  if (read === null) return null;
  const { key, kid, x } = read;
  return { key, kid, published: { kty: "OKP", crv: "Ed25519", x, kid, alg: "EdDSA", use: "sig" } };
}

function missing(problem: string): ReadDeployment {
  return { ok: false, problem };
}
