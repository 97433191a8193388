/** Every approval, group, set, schedule and setting of a table, made to hold fewer back. */
import type { Approval, Group, Settings, TableBody } from "../../../engine/index.ts";
import { type Loosening, without } from "./loosening.ts";

const SOMEBODY = "somebody@else.example";
/** Part of the policy before and after, so that nothing but who refers to it differs. */
export const EVERYBODY: Group = { name: "everybody", members: [SOMEBODY], claim: null };

export function looseApprovals(body: TableBody): readonly Loosening[] {
  return body.approvals.flatMap((approval, at) =>
    looser(approval).map(([what, change]) => ({
      name: `${approval.name} ${what}`,
      body: { ...body, approvals: body.approvals.with(at, { ...approval, ...change }) },
    })),
  );
}

type Change = readonly [what: string, change: Partial<Approval>];

function looser(approval: Approval): readonly Change[] {
  const { approvers, within, use_within, quorum, escalate } = approval;
  const [first, ...later] = escalate;
  return [
    ["by more", { approvers: [...approvers, "everybody"] }],
    ["within longer", { within: within * 2 }],
    ["usable for longer", { use_within: use_within * 2 }],
    ...when(quorum > 1, "by one", { quorum: 1 }),
    ...when(!approval.requester, "by the requester", { requester: true }),
    ...when(approval.reason_required, "without a reason", { reason_required: false }),
    ...when(approval.excluding_owners, "by owners too", { excluding_owners: false }),
    ["passed on to more", { escalate: [{ groups: ["everybody"], after: 1000 }, ...escalate] }],
    ...(first === undefined ? [] : when(true, "passed on sooner", { escalate: [{ ...first, after: 1 }, ...later] })),
    ["used again", { reuse: { n: 5000, within: 1e9, varying: [] } }],
    ...rarer(approval),
  ];
}

function when(holds: boolean, what: string, change: Partial<Approval>): readonly Change[] {
  return holds ? [[what, change]] : [];
}

function rarer({ reuse, fatigue, decoys }: Approval): readonly Change[] {
  return [
    ...(reuse === null
      ? []
      : when(true, "used again for more", { reuse: { ...reuse, varying: [...reuse.varying, "zz"] } })),
    ...when(fatigue !== null, "as often as wanted", { fatigue: null }),
    ...(fatigue === null ? [] : when(true, "more often", { fatigue: { ...fatigue, n: fatigue.n * 2 } })),
    ...when(decoys !== null, "without decoys", { decoys: null }),
    ...when(decoys !== null, "with rarer decoys", { decoys: 1000 }),
  ];
}

/** A member more and a member less: one of the two is looser, whichever way the names are read. */
export interface EitherWay {
  readonly name: string;
  readonly bodies: readonly TableBody[];
}

export function looseNames(body: TableBody): readonly EitherWay[] {
  const groups = body.groups.map((group, at) => ({
    name: `group ${group.name}`,
    bodies: [grown(group), shrunk(group)].map((one) => ({ ...body, groups: body.groups.with(at, one) })),
  }));
  const sets = body.sets.map((set, at) => {
    const another = typeof set.members[0] === "number" ? 123_456 : "else.example";
    const lists = [[...set.members, another], without(set.members, 0)];
    return {
      name: `set ${set.name}`,
      bodies: lists.map((members) => ({ ...body, sets: body.sets.with(at, { ...set, members }) })),
    };
  });
  const schedules = body.schedules.map((schedule, at) => {
    const hours = without(schedule.weekly, 0);
    return {
      name: `schedule ${schedule.name}`,
      bodies: [[[0, 600] as const, ...hours], hours].map((weekly) => ({
        ...body,
        schedules: body.schedules.with(at, { ...schedule, weekly }),
      })),
    };
  });
  return [...groups, ...sets, ...schedules];
}

function grown(group: Group): Group {
  const { members, claim } = group;
  if (members !== null) return { ...group, members: [...members, SOMEBODY] };
  return { ...group, claim: claim === null ? null : { ...claim, value: "everybody" } };
}

function shrunk(group: Group): Group {
  const { members, claim } = group;
  if (members !== null) return { ...group, members: without(members, 0) };
  return { ...group, claim: claim === null ? null : { ...claim, value: "nobody" } };
}

export function looseSettings(body: TableBody): readonly Loosening[] {
  const { settings, live_sets, channels, canaries, breakers } = body;
  const one = (name: string, change: Partial<Settings>): Loosening => ({
    name,
    body: { ...body, settings: { ...settings, ...change } },
  });
  const issuer = { issuer: "https://else.example", audience: "else" };
  const { session, environments, operators, auditors, deployers } = settings;
  return [
    one("session lifetime", { session: { ...session, lifetime: session.lifetime * 2 } }),
    one("session idle", { session: { ...session, idle: session.idle * 2 } }),
    one("lease", { lease: settings.lease * 2 }),
    one("retain", { retain: settings.retain / 2 }),
    one("environments", { environments: [...environments, "elsewhere"] }),
    one("region", { region: null }),
    one("people", { people: issuer }),
    one("requesters", { requesters: issuer }),
    one("operators", { operators: [...operators, "everybody"] }),
    one("auditors", { auditors: [...auditors, "everybody"] }),
    one("deployers", { deployers: [...deployers, "everybody"] }),
    ...live_sets.map((set, at) => ({
      name: `editors of ${set.name}`,
      body: { ...body, live_sets: live_sets.with(at, { ...set, editors: [...set.editors, "everybody"] }) },
    })),
    ...channels.map((channel, at) => ({
      name: `channel ${channel.name} elsewhere`,
      body: { ...body, channels: channels.with(at, { ...channel, secret: "ELSE" }) },
    })),
    ...canaries.map(({ name }, at) => ({
      name: `without ${name}`,
      body: { ...body, canaries: without(canaries, at) },
    })),
    ...breakers.flatMap((breaker, at) => [
      { name: `without ${breaker.name}`, body: { ...body, breakers: without(breakers, at) } },
      ...(breaker.kill.length === 0
        ? []
        : [
            {
              name: `${breaker.name} kills nothing`,
              body: { ...body, breakers: breakers.with(at, { ...breaker, kill: without(breaker.kill, 0) }) },
            },
          ]),
    ]),
  ];
}
