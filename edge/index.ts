/** The Worker's parts, for those who build a Worker of their own: `createApp` around a table, and the objects' classes. */
export { createApp } from "./http/app.ts";
export { type Undelivered, undelivered } from "./delivered.ts";
export type { Env } from "./deployment.ts";
export { AgentObject } from "./objects/agent-object.ts";
export { BudgetObject } from "./objects/budget-object.ts";
export { LedgerObject } from "./objects/ledger-object.ts";
export { SessionObject } from "./objects/session-object.ts";
export { SwitchboardObject } from "./objects/switchboard-object.ts";
