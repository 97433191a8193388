/** Who is told, by where a channel leads and not by what it is called. */
import type { Channel, Table } from "../../../engine/index.ts";

export interface ToldChange {
  /** Channels told before and not after. */
  readonly gone: readonly string[];
  readonly come: readonly string[];
}

export function compareTold(
  before: { readonly names: readonly string[]; readonly table: Table },
  after: { readonly names: readonly string[]; readonly table: Table },
): ToldChange {
  return {
    gone: without(before.names, before.table.body.channels, after.names, after.table.body.channels),
    come: without(after.names, after.table.body.channels, before.names, before.table.body.channels),
  };
}

/** Channels of the first that the second doesn't tell, under this or another name. */
function without(
  old: readonly string[],
  oldChannels: readonly Channel[],
  now: readonly string[],
  nowChannels: readonly Channel[],
): readonly string[] {
  const told = new Set(now.flatMap((name) => [name, addressOf(name, nowChannels)]));
  return old.filter((name) => !told.has(name) && !told.has(addressOf(name, oldChannels)));
}

function addressOf(name: string, channels: readonly Channel[]): string {
  const found = channels.find((one) => one.name === name);
  return found === undefined ? name : JSON.stringify([found.kind, found.secret]);
}
