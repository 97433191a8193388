/** Values that are compared with one another have to differ in all that is read of either, and below either. */
import type { Group } from "../../../engine/index.ts";
import type { Site, Use, What } from "./use.ts";

/** Values that something compares with one another, directly or by way of others. */
export type Link = readonly Site[];

/** Each set of linked values once. Whoever asks one list, or one task, about two values compares these too. */
export function linksOf(uses: readonly Use[]): readonly Link[] {
  const told = new Map<string, Site>();
  const pairs: [Site, Site][] = [];
  for (const { site, what } of uses) {
    if (what.kind === "linked") pairs.push([site, what.other]);
    if (what.kind !== "said") continue;
    const before = told.get(what.by);
    if (before === undefined) told.set(what.by, site);
    // An element is asked about beside other elements of its list.
    if (before !== undefined || site.path.includes("*")) pairs.push([before ?? site, site]);
  }
  const links = new Map<string, readonly Site[]>();
  for (const [one, other] of pairs) {
    const together = [one, other, ...(links.get(keyOf(one)) ?? []), ...(links.get(keyOf(other)) ?? [])];
    const distinct = [...new Map(together.map((site) => [keyOf(site), site])).values()];
    for (const site of distinct) links.set(keyOf(site), distinct);
  }
  return [...new Set(links.values())];
}

/** The uses, those of linked values copied to each other. */
export function withLinks(uses: readonly Use[], links: readonly Link[], groups: readonly Group[]): readonly Use[] {
  return links.length === 0 ? uses : [...uses, ...links.flatMap((sites) => shareAmong(sites, uses, groups))];
}

function shareAmong(sites: Link, uses: readonly Use[], groups: readonly Group[]): readonly Use[] {
  const [first] = sites;
  return sites.flatMap((site): readonly Use[] => {
    const others = sites.filter((other) => keyOf(other) !== keyOf(site));
    const shared = uses.flatMap((use) =>
      others.flatMap((other) => (use.what.kind === "linked" ? [] : (movedTo(site, other, use, groups) ?? []))),
    );
    return [...shared, { site, what: { kind: "linked", other: first ?? site } }];
  });
}

/** What is read of a linked value, or of a part of it, read of this one. */
function movedTo(site: Site, other: Site, use: Use, groups: readonly Group[]): Use | null {
  const { facet, path } = use.site;
  if (facet !== other.facet || !other.path.every((name, at) => path[at] === name)) {
    // Whether a person is in a group rests on the address.
    const asks = use.what.kind === "group" && facet === "requester" && other.facet === "requester";
    return asks ? { site, what: inText(use.what, groups) } : null;
  }
  const what = site.facet === "requester" ? use.what : inText(use.what, groups);
  return { site: { facet: site.facet, path: [...site.path, ...path.slice(other.path.length)] }, what };
}

function inText(what: What, groups: readonly Group[]): What {
  if (what.kind !== "group") return what;
  const texts = groups.find(({ name }) => name === what.group)?.members ?? [];
  return { kind: "texts", texts, lower: true };
}

export function keyOf({ facet, path }: Site): string {
  return JSON.stringify([facet, ...path]);
}
