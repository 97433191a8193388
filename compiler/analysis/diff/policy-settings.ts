/** The `policy` block: how long sessions and records last, who signs for people, and who may do what with the edge. */
import { durationText } from "../../../engine/index.ts";
import type { Settings } from "../../../engine/index.ts";
import type { Tables } from "./approval-order.ts";
import { gainedOrLost } from "./gained-or-lost.ts";
import { comparePeople, groups } from "./people.ts";
import type { Direction, SettingChange } from "./policy-diff.ts";

export function policySettings(tables: Tables): readonly SettingChange[] {
  const [old, now] = [tables.before.body.settings, tables.after.body.settings];
  return [
    ...time("session lifetime", old.session.lifetime, now.session.lifetime, "longer"),
    ...time("session idle", old.session.idle, now.session.idle, "longer"),
    ...time("lease", old.lease, now.lease, "longer"),
    ...time("retain", old.retain, now.retain, "shorter"),
    ...gainedOrLost("environment", old.environments, now.environments, "loose").map((one) =>
      setting(one.direction, one.change),
    ),
    ...issuer("people", old.people, now.people),
    ...issuer("requesters", old.requesters, now.requesters),
    ...(old.region === now.region
      ? []
      : [setting("looser", `region ${old.region ?? "none"} → ${now.region ?? "none"}`)]),
    ...(["operators", "auditors", "deployers"] as const).flatMap((role) => officials(role, old, now, tables)),
  ];
}

function setting(direction: Direction, change: string): SettingChange {
  return { direction, what: "policy", change, agents: [], actions: [] };
}

function time(name: string, old: number, now: number, loosens: "longer" | "shorter"): readonly SettingChange[] {
  if (old === now) return [];
  const looser = now > old === (loosens === "longer");
  return [setting(looser ? "looser" : "stricter", `${name} ${durationText(old)} → ${durationText(now)}`)];
}

/** Another issuer signs for other people: whoever it is, they weren't trusted before. */
function issuer(name: string, old: Settings["people"], now: Settings["people"]): readonly SettingChange[] {
  const text = (one: Settings["people"]): string =>
    one === null ? "none" : `\`${one.issuer}\` for \`${one.audience}\``;
  if (text(old) === text(now)) return [];
  return [setting(now === null ? "stricter" : "looser", `${name} signed by ${text(old)} → ${text(now)}`)];
}

function officials(
  role: "operators" | "auditors" | "deployers",
  old: Settings,
  now: Settings,
  tables: Tables,
): readonly SettingChange[] {
  return comparePeople(groups(old[role], tables.before), groups(now[role], tables.after)).map(({ direction, who }) =>
    setting(direction, `${role}: ${who} ${direction === "looser" ? "is one too" : "isn't one any more"}`),
  );
}
