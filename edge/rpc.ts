/**
 * What the Worker and the objects say to each other. Shapes stay compatible both ways: after a deploy, old and new
 * code talk for a while. Every call of the Worker carries the policy's sequence number; a lower one than seen is
 * `policy_stale`. Times are UTC milliseconds, durations milliseconds, `retry_after` seconds.
 *
 * Ids are made and read by `ids.ts`: the session that owns an approval is found from the approval's id alone.
 */
export type * from "./rpc/breaker-rpc.ts";
export type * from "./rpc/caller.ts";
export type * from "./rpc/elevation-rpc.ts";
export type * from "./rpc/holder-rpc.ts";
export type * from "./rpc/session-report.ts";
export type * from "./rpc/session-rpc.ts";
export type * from "./rpc/delegation-rpc.ts";
export type * from "./rpc/agent-rpc.ts";
export type * from "./rpc/ledger-rpc.ts";
export type * from "./rpc/live-set-rpc.ts";
export type * from "./rpc/switchboard-rpc.ts";
export { BOARD_LOG, HAND_OVER_BOUNDS, LATENCY_BOUNDS, MOST_TAKEN, SHARDS } from "./rpc/ledger-rpc.ts";
export { SHARED_SCOPES, SWITCH_SCOPES, SWITCHES_KEY } from "./rpc/switchboard-rpc.ts";
export type { ApprovalStatus, SetEdit, WireSwitch } from "../sdk/index.ts";
