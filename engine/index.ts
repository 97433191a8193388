/** The engine: what a decision is. Pure: no clock, no randomness, no I/O. Start at `match.ts` and `decide.ts`. */
export type * from "./table.ts";
export type * from "./condition.ts";
export type * from "./remainder.ts";
export type * from "./state.ts";
export { InexactNumber } from "./request.ts";
export type { JsonObject, JsonValue, Request, Requester } from "./request.ts";
export { REASONS } from "./decision.ts";
export type { Decision, LimitStatus, Reason, Spend } from "./decision.ts";
export { TABLE_FORMAT } from "./table.ts";
