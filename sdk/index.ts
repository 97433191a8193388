/** For those who write agents and tools: wire types, client, guard. Start at `client.ts`. */
export type * from "./wire.ts";
