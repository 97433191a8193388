/** The Worker: the policy's table comes as a module of its own, so that this code is the same for every policy. */
import table from "./table.txt";
import { createApp } from "./http/app.ts";

export { AgentObject } from "./objects/agent-object.ts";
export { BudgetObject } from "./objects/budget-object.ts";
export { LedgerObject } from "./objects/ledger-object.ts";
export { SessionObject } from "./objects/session-object.ts";
export { SwitchboardObject } from "./objects/switchboard-object.ts";

export default createApp(table);
