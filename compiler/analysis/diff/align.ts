/**
 * What changed its name is given the old one, so that nothing but the rest of what changed is told of it. A thing is
 * taken for renamed where its old name is gone, its new one is new, and it is the same, or stands in the same places.
 */
import type { Table, TableBody } from "../../../engine/index.ts";
import { approvalMeanings, labelMeanings, plainMeanings, roleMeanings } from "./meanings.ts";
import { type Meanings, type Renames, renames } from "./renames.ts";
import { withApprovals, withChannels, withLabels, withNames } from "./renamed-body.ts";

export interface Aligned {
  readonly table: Table;
  /** `role sales is now called account_managers`. */
  readonly notes: readonly string[];
  /** New names of roles to old ones. Roles keep their names, since conditions may read them. */
  readonly roles: ReadonlyMap<string, string>;
}

interface Kind {
  readonly word: string;
  readonly meanings: (body: TableBody) => Meanings;
  readonly renamed: (body: TableBody, names: Renames) => TableBody;
  readonly consequence: string;
}

/** Each after those that its meaning speaks of. */
const KINDS: readonly Kind[] = [
  {
    word: "label",
    meanings: labelMeanings,
    renamed: withLabels,
    consequence: "; open sessions keep the old one",
  },
  { word: "channel", meanings: ({ channels }) => plainMeanings(channels), renamed: withChannels, consequence: "" },
  {
    word: "approval",
    meanings: approvalMeanings,
    renamed: withApprovals,
    consequence: "; what waits under the old name can't be used",
  },
  {
    word: "breaker",
    meanings: ({ breakers }) => plainMeanings(breakers),
    renamed: (body, names) => ({ ...body, breakers: withNames(body.breakers, names) }),
    consequence: "; what it counted starts anew",
  },
  {
    word: "canary",
    meanings: ({ canaries }) => plainMeanings(canaries),
    renamed: (body, names) => ({ ...body, canaries: withNames(body.canaries, names) }),
    consequence: "",
  },
  {
    word: "gateway",
    meanings: ({ gateways }) => plainMeanings(gateways),
    renamed: (body, names) => ({ ...body, gateways: withNames(body.gateways, names) }),
    consequence: "",
  },
];

export function aligned(before: Table, after: Table): Aligned {
  const notes: string[] = [];
  let body = after.body;
  for (const { word, meanings, renamed, consequence } of KINDS) {
    const names = renames(meanings(before.body), meanings(body));
    if (names.size === 0) continue;
    body = renamed(body, names);
    notes.push(...told(word, names, consequence));
  }
  const roles = renames(roleMeanings(before.body), roleMeanings(body));
  const table = body === after.body ? after : { ...after, body };
  return { table, notes: [...told("role", roles, "; its limits' counts start anew"), ...notes], roles };
}

function told(kind: string, names: Renames, consequence: string): readonly string[] {
  return [...names].map(([now, old]) => `${kind} \`${old}\` is now called \`${now}\`${consequence}`);
}
