/** Declarations with a name that stand beside rules: breakers, canaries, gateways, servers, channels, live sets. */
import type { Channel, Gateway, Server } from "../../../engine/index.ts";
import type { Tables } from "./approval-order.ts";
import { breakerChanges } from "./breaker-changes.ts";
import { gainedOrLost } from "./gained-or-lost.ts";
import { identityChanges } from "./identity-changes.ts";
import { comparePeople, groups } from "./people.ts";
import type { Direction, SettingChange } from "./policy-diff.ts";

interface Change {
  readonly direction: Direction;
  readonly change: string;
}

export function namedChanges(tables: Tables): readonly SettingChange[] {
  const [old, now] = [tables.before.body, tables.after.body];
  return [
    ...named("breaker", old.breakers, now.breakers, "strict", (one, other) => breakerChanges(one, other, tables)),
    ...named("canary", old.canaries, now.canaries, "strict", (one, other) =>
      one.sha256 === other.sha256 ? [] : [looser(`sha256 \`${one.sha256}\` → \`${other.sha256}\``)],
    ),
    ...named("gateway", old.gateways, now.gateways, "loose", gatewayChanges),
    ...named("server", old.servers, now.servers, "loose", serverChanges),
    ...named("channel", old.channels, now.channels, null, channelChanges),
    ...named("live set", old.live_sets, now.live_sets, null, (one, other) =>
      comparePeople(groups(one.editors, tables.before), groups(other.editors, tables.after)).map(
        ({ direction, who }) => ({
          direction,
          change: `${who} ${direction === "looser" ? "may change it too" : "may not change it any more"}`,
        }),
      ),
    ),
  ];
}

function looser(change: string): Change {
  return { direction: "looser", change };
}

/** `kind`: whether having it holds back or lets through; null where that shows in the decisions. */
function named<Row extends { readonly name: string }>(
  word: string,
  before: readonly Row[],
  after: readonly Row[],
  kind: "strict" | "loose" | null,
  compare: (before: Row, after: Row) => readonly Change[],
): readonly SettingChange[] {
  const line = ({ name }: Row, { direction, change }: Change): SettingChange => ({
    direction,
    what: `${word} \`${name}\``,
    change,
    agents: [],
    actions: [],
  });
  const [more, less]: readonly [Direction, Direction] =
    kind === "strict" ? ["stricter", "looser"] : ["looser", "stricter"];
  const come = after.filter(({ name }) => !before.some((old) => old.name === name));
  const gone = before.filter(({ name }) => !after.some((now) => now.name === name));
  return [
    ...(kind === null ? [] : come.map((row) => line(row, { direction: more, change: "is new" }))),
    ...(kind === null ? [] : gone.map((row) => line(row, { direction: less, change: "is gone" }))),
    ...after.flatMap((now) => {
      const old = before.find(({ name }) => name === now.name);
      return old === undefined ? [] : compare(old, now).map((change) => line(now, change));
    }),
  ];
}

function gatewayChanges(old: Gateway, now: Gateway): readonly Change[] {
  return [
    ...identityChanges(old.identities, now.identities),
    ...gainedOrLost("`for`", old.agents, now.agents, "loose"),
  ];
}

function serverChanges(old: Server, now: Server): readonly Change[] {
  return [
    ...(old.url === now.url ? [] : [looser(`url \`${old.url}\` → \`${now.url}\``)]),
    ...(old.sha256 === now.sha256
      ? []
      : [looser(`another catalogue of tools is reviewed: \`${old.sha256}\` → \`${now.sha256}\``)]),
  ];
}

/** What people are told goes to whoever listens there now. */
function channelChanges(old: Channel, now: Channel): readonly Change[] {
  const text = ({ kind, secret }: Channel): string =>
    `\`${kind}\` ${secret === null ? "without an address" : `secret \`${secret}\``}`;
  return text(old) === text(now) ? [] : [looser(`leads somewhere else: ${text(old)} → ${text(now)}`)];
}
