/** Groups of people, compared by who is in them and not by what they are called. */
import type { Group, Table } from "../../../engine/index.ts";
import type { Direction } from "./policy-diff.ts";
import { listed } from "./listed.ts";

export interface PeopleChange {
  /** `looser` where somebody comes in. */
  readonly direction: Direction;
  /** `bo@acme.example`, or whoever has a claim. */
  readonly who: string;
}

/** One for whoever comes in and one for whoever goes, where there are such. */
export function comparePeople(before: readonly Group[], after: readonly Group[]): readonly PeopleChange[] {
  const old = peopleOf(before);
  const now = peopleOf(after);
  const came = [...now].filter((one) => !old.has(one));
  const went = [...old].filter((one) => !now.has(one));
  return [
    ...(came.length > 0 ? [{ direction: "looser" as const, who: listed(came) }] : []),
    ...(went.length > 0 ? [{ direction: "stricter" as const, who: listed(went) }] : []),
  ];
}

/** Addresses, and claims: whoever has one. As they are shown. */
export function peopleOf(groups: readonly Group[]): ReadonlySet<string> {
  return new Set(
    groups.flatMap(({ members, claim }) => [
      ...(members ?? []).map((member) => `\`${member}\``),
      ...(claim === null ? [] : [`whoever has the claim \`${claim.name}\` ${JSON.stringify(claim.value)}`]),
    ]),
  );
}

export function groups(names: readonly string[], { body }: Table): readonly Group[] {
  return names.flatMap((name) => body.groups.find((group) => group.name === name) ?? []);
}
