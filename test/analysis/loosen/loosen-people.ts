// @ts-nocheck: drafts of recursive table types send the checker round in circles, differently each time
/** Every approval, group, set, schedule and setting of a table, made to hold fewer back. */
import type { Approval, Group, TableBody } from "../../../engine/index.ts";
import { changing, type Draft, type Loosening } from "./loosening.ts";

const SOMEBODY = "somebody@else.example";
/** Part of the policy before and after, so that nothing but who refers to it differs. */
export const EVERYBODY: Group = { name: "everybody", members: [SOMEBODY], claim: null };

export function looseApprovals(body: TableBody): readonly Loosening[] {
  const changed = changing(body);
  return body.approvals.flatMap((approval, at) => {
    const one = (what: string, change: (approval: Draft<Approval>) => void): Loosening => ({
      name: `${approval.name} ${what}`,
      body: changed(({ approvals }) => change(approvals[at])),
    });
    const when = (holds: boolean, what: string, change: (approval: Draft<Approval>) => void): readonly Loosening[] =>
      holds ? [one(what, change)] : [];
    return [
      one("by more", (draft) => void draft.approvers.push("everybody")),
      one("within longer", (draft) => void (draft.within *= 2)),
      one("usable for longer", (draft) => void (draft.use_within *= 2)),
      ...when(approval.quorum > 1, "by one", (draft) => void (draft.quorum = 1)),
      ...when(!approval.requester, "by the requester", (draft) => void (draft.requester = true)),
      ...when(approval.reason_required, "without a reason", (draft) => void (draft.reason_required = false)),
      ...when(approval.excluding_owners, "by owners too", (draft) => void (draft.excluding_owners = false)),
      one("passed on to more", (draft) => void draft.escalate.unshift({ groups: ["everybody"], after: 1000 })),
      ...when(approval.escalate.length > 0, "passed on sooner", ({ escalate: [first] }) => {
        if (first !== undefined) first.after = 1;
      }),
      one("used again", (draft) => void (draft.reuse = { n: 5000, within: 1e9, varying: [] })),
      ...when(approval.reuse !== null, "used again for more", ({ reuse }) => void reuse?.varying.push("zz")),
      ...when(approval.fatigue !== null, "as often as wanted", (draft) => void (draft.fatigue = null)),
      ...when(approval.fatigue !== null, "more often", ({ fatigue }) => {
        if (fatigue !== null) fatigue.n *= 2;
      }),
      ...when(approval.decoys !== null, "without decoys", (draft) => void (draft.decoys = null)),
      ...when(approval.decoys !== null, "with rarer decoys", (draft) => void (draft.decoys = 1000)),
    ];
  });
}

/** A member more and a member less: one of the two is looser, whichever way the names are read. */
export interface EitherWay {
  readonly name: string;
  readonly bodies: readonly TableBody[];
}

export function looseNames(body: TableBody): readonly EitherWay[] {
  const changed = changing(body);
  const groups = body.groups.map(({ name }, at) => ({
    name: `group ${name}`,
    bodies: [changed((draft) => growGroup(draft.groups[at])), changed((draft) => shrinkGroup(draft.groups[at]))],
  }));
  const sets = body.sets.map(({ name, members }, at) => ({
    name: `set ${name}`,
    bodies: [
      changed((draft) => void draft.sets[at]?.members.push(typeof members[0] === "number" ? 123_456 : "else.example")),
      changed((draft) => void draft.sets[at]?.members.splice(0, 1)),
    ],
  }));
  const schedules = body.schedules.map(({ name }, at) => ({
    name: `schedule ${name}`,
    bodies: [
      changed((draft) => void draft.schedules[at]?.weekly.splice(0, 1, [0, 600])),
      changed((draft) => void draft.schedules[at]?.weekly.splice(0, 1)),
    ],
  }));
  return [...groups, ...sets, ...schedules];
}

function growGroup(group: Draft<Group> | undefined): void {
  if (group?.members) group.members.push(SOMEBODY);
  else if (group?.claim) group.claim.value = "everybody";
}

function shrinkGroup(group: Draft<Group> | undefined): void {
  if (group?.members) group.members.splice(0, 1);
  else if (group?.claim) group.claim.value = "nobody";
}

export function looseSettings(body: TableBody): readonly Loosening[] {
  const changed = changing(body);
  const one = (name: string, change: (draft: Draft<TableBody>) => void): Loosening => ({ name, body: changed(change) });
  const issuer = { issuer: "https://else.example", audience: "else" };
  return [
    one("session lifetime", ({ settings }) => void (settings.session.lifetime *= 2)),
    one("session idle", ({ settings }) => void (settings.session.idle *= 2)),
    one("lease", ({ settings }) => void (settings.lease *= 2)),
    one("retain", ({ settings }) => void (settings.retain /= 2)),
    one("environments", ({ settings }) => void settings.environments.push("elsewhere")),
    one("region", ({ settings }) => void (settings.region = null)),
    one("people", ({ settings }) => void (settings.people = issuer)),
    one("requesters", ({ settings }) => void (settings.requesters = issuer)),
    one("operators", ({ settings }) => void settings.operators.push("everybody")),
    one("auditors", ({ settings }) => void settings.auditors.push("everybody")),
    one("deployers", ({ settings }) => void settings.deployers.push("everybody")),
    ...body.live_sets.map(({ name }, at) =>
      one(`editors of ${name}`, (draft) => void draft.live_sets[at]?.editors.push("everybody")),
    ),
    ...body.channels.map(({ name }, at) =>
      one(`channel ${name} elsewhere`, (draft) => void Object.assign(draft.channels[at] ?? {}, { secret: "ELSE" })),
    ),
    ...body.canaries.map(({ name }, at) => one(`without ${name}`, (draft) => void draft.canaries.splice(at, 1))),
    ...body.breakers.flatMap(({ name, kill }, at) => [
      one(`without ${name}`, (draft) => void draft.breakers.splice(at, 1)),
      ...(kill.length === 0
        ? []
        : [one(`${name} kills nothing`, (draft) => void draft.breakers[at]?.kill.splice(0, 1))]),
    ]),
  ];
}
