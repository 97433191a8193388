/** Values that are compared with one another have to differ in all that is read of either. */
import type { Site, Use } from "./use.ts";

/** The uses, those of linked values copied to each other. */
export function withLinks(uses: readonly Use[]): readonly Use[] {
  const links = uses.flatMap(({ site, what }) => (what.kind === "linked" ? [[site, what.other] as const] : []));
  if (links.length === 0) return uses;
  const groups = groupsOf(links);
  const shared = [...groups.values()].flatMap((sites) => shareAmong(sites, uses));
  return [...uses, ...shared];
}

function groupsOf(links: readonly (readonly [Site, Site])[]): ReadonlyMap<string, readonly Site[]> {
  const groups = new Map<string, readonly Site[]>();
  for (const [one, other] of links) {
    const together = [one, ...(groups.get(keyOf(one)) ?? []), other, ...(groups.get(keyOf(other)) ?? [])];
    const distinct = [...new Map(together.map((site) => [keyOf(site), site])).values()];
    for (const site of distinct) groups.set(keyOf(site), distinct);
  }
  return new Map([...groups.values()].map((sites) => [sites.map(keyOf).toSorted().join(" "), sites]));
}

function shareAmong(sites: readonly Site[], uses: readonly Use[]): readonly Use[] {
  const known = sites.flatMap((site) =>
    uses.filter((use) => keyOf(use.site) === keyOf(site) && use.what.kind !== "linked"),
  );
  const [first] = sites;
  return sites.flatMap((site): readonly Use[] => {
    const others = known.filter((use) => keyOf(use.site) !== keyOf(site)).map(({ what }) => ({ site, what }));
    const link: Use = { site, what: { kind: "linked", other: first ?? site } };
    return [...others, link];
  });
}

function keyOf({ facet, path }: Site): string {
  return JSON.stringify([facet, ...path]);
}
