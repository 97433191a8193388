/** The configuration that wrangler deploys by: bindings, objects and names of secrets; never a secret itself. */
import { COMPATIBILITY } from "../local/bundle-worker.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";

export const SECRETS = ["SESSION_TOKEN_KEY", "PERMIT_KEY", "CHECKPOINT_KEY", "ARGS_MAC_KEY"] as const;

/** Where a placeholder stands in a dry run without an address: nothing answers under `.invalid` (RFC 2606). */
const NO_ORIGIN = "https://agentpolicy.invalid";

export function wranglerConfig(plan: DeploymentPlan): object {
  return {
    name: plan.worker,
    main: "worker.js",
    // The bundle is built here, so that what was tested is what runs.
    no_bundle: true,
    find_additional_modules: true,
    rules: [
      { type: "ESModule", globs: ["*.js"] },
      { type: "Text", globs: ["*.txt"], fallthrough: false },
    ],
    compatibility_date: COMPATIBILITY.date,
    compatibility_flags: COMPATIBILITY.flags,
    // Every address but the one that was named would go past whatever stands in front of it.
    workers_dev: false,
    preview_urls: false,
    ...(plan.origin === null ? {} : { routes: [{ pattern: new URL(plan.origin).host, custom_domain: true }] }),
    kv_namespaces: [{ binding: "SWITCHES" }],
    durable_objects: {
      bindings: [
        { name: "SESSION", class_name: "SessionObject" },
        { name: "AGENT", class_name: "AgentObject" },
        { name: "BUDGET", class_name: "BudgetObject" },
        { name: "SWITCHBOARD", class_name: "SwitchboardObject" },
        { name: "LEDGER", class_name: "LedgerObject" },
      ],
    },
    migrations: [
      { tag: "v1", new_sqlite_classes: ["SessionObject", "AgentObject", "SwitchboardObject"] },
      { tag: "v2", new_sqlite_classes: ["BudgetObject"] },
      { tag: "v3", new_sqlite_classes: ["LedgerObject"] },
    ],
    vars: {
      DEPLOYMENT: JSON.stringify({
        sequence: plan.sequence,
        environment: plan.environment,
        origins: [plan.origin ?? NO_ORIGIN],
      }),
      ...(plan.region === null ? {} : { REGION: plan.region }),
      ...(plan.exports === null ? {} : { EXPORTS: plan.exports.text }),
    },
    secrets: { required: [...SECRETS, ...(plan.exports?.names ?? [])] },
    dependencies_instrumentation: { enabled: false },
    send_metrics: false,
    observability: { enabled: false },
  };
}
