/** The deployment of `edge/deployment.ts` as Miniflare takes it. */
import { join } from "node:path";
import { Log, LogLevel } from "miniflare";
import type { MiniflareOptions } from "miniflare";
import { COMPATIBILITY, TABLE_MODULE } from "./bundle-worker.ts";
import { secretName } from "../secret-name.ts";
import { DEVELOPMENT_ISSUER } from "./development-tokens.ts";
import { publicHalf } from "./edge-keys.ts";
import type { EdgeKeys } from "./edge-keys.ts";

export type Bindings = { readonly [name: string]: string | null };

export interface RuntimeInput {
  readonly code: string;
  readonly table: string;
  readonly keys: EdgeKeys;
  readonly port: number;
  readonly sequence: number;
  readonly directory: string;
  readonly bindings: Bindings;
  readonly log: ((line: string) => void) | undefined;
}

/** Binding and class of each object. */
export const OBJECTS = {
  SESSION: "SessionObject",
  AGENT: "AgentObject",
  BUDGET: "BudgetObject",
  SWITCHBOARD: "SwitchboardObject",
  LEDGER: "LedgerObject",
} as const;
const WORKER = "agentpolicy";

export function runtimeOptions(input: RuntimeInput): MiniflareOptions {
  const { log } = input;
  return {
    host: "127.0.0.1",
    port: input.port,
    cf: false,
    telemetry: { enabled: false },
    enableDevRegistry: false,
    logRequests: false,
    log: new Log(LogLevel.NONE),
    handleStructuredLogs: ({ level, message }) => log?.(`${level}: ${message}`),
    resourcePersistencePath: join(input.directory, "state"),
    workers: [
      {
        config: {
          name: WORKER,
          compatibilityDate: COMPATIBILITY.date,
          compatibilityFlags: [...COMPATIBILITY.flags],
          manifest: {
            mainModule: "worker.js",
            modulesRoot: input.directory,
            modules: {
              "worker.js": { type: "esm", contents: input.code },
              [TABLE_MODULE]: { type: "text", contents: input.table },
            },
          },
          env: {
            ...textBindings(workerVariables(input)),
            SWITCHES: { type: "kv", id: "SWITCHES" },
            ...objectBindings(),
          },
          exports: Object.fromEntries(
            Object.values(OBJECTS).map((name) => [name, { type: "durable-object", storage: "sqlite" } as const]),
          ),
        },
      },
    ],
  };
}

type TextBindings = { [name: string]: { type: "text"; value: string } };

/** The Worker's variables and secrets on this machine, by name. */
export function workerVariables({
  keys,
  port,
  sequence,
  bindings,
}: Pick<RuntimeInput, "keys" | "port" | "sequence" | "bindings">): { readonly [name: string]: string } {
  const origins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
  const jwk = { ...publicHalf(keys.development_issuer_key), alg: "EdDSA", use: "sig" };
  const texts = Object.entries({
    DEPLOYMENT: JSON.stringify({ sequence, environment: "development", origins }),
    DEVELOPMENT_ISSUER: JSON.stringify({ issuer: DEVELOPMENT_ISSUER, jwks: { keys: [jwk] } }),
    SESSION_TOKEN_KEY: keys.session_token_key,
    PERMIT_KEY: JSON.stringify(keys.permit_key),
    CHECKPOINT_KEY: JSON.stringify(keys.checkpoint_key),
    ...laterKeys(keys),
    ARGS_MAC_KEY: keys.args_mac_key,
    ...bindings,
  });
  return Object.fromEntries(texts.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

function textBindings(texts: { readonly [name: string]: string }): TextBindings {
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, { type: "text", value } as const]));
}

/** As a deployment names them. */
function laterKeys({ later }: EdgeKeys): { readonly [name: string]: string } {
  return Object.fromEntries([
    ...later.session.map(({ from, key }) => [secretName("session", from), key] as const),
    ...(["permit", "checkpoint"] as const).flatMap((kind) =>
      later[kind].map(({ from, key }) => [secretName(kind, from), JSON.stringify(key)] as const),
    ),
  ]);
}

function objectBindings(): { [name: string]: { type: "durable-object"; worker: string; exportName: string } } {
  return Object.fromEntries(
    Object.entries(OBJECTS).map(([name, exportName]) => [name, { type: "durable-object", worker: WORKER, exportName }]),
  );
}
