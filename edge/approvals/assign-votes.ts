/**
 * Which vote counts for which approval: one person counts once in a whole request, even where two approvals would take
 * the vote. So votes are matched to places (Kuhn's augmenting paths); a greedy choice could leave a quorum unmet that
 * another choice meets.
 */

export interface Need {
  readonly approval: string;
  readonly quorum: number;
}

/** What one person's vote could count for. */
export interface Ballot {
  readonly voter: string;
  readonly approvals: readonly string[];
}

export interface Assignment {
  readonly met: boolean;
  /** Votes that count, in the order of the needs. */
  readonly votes: readonly number[];
}

export function assignVotes(needs: readonly Need[], ballots: readonly Ballot[]): Assignment {
  const places = needs.flatMap((need, index) => Array.from({ length: need.quorum }, () => index));
  const holders: (number | null)[] = places.map(() => null);
  for (const [ballot] of ballots.entries()) seat(ballot, needs, ballots, places, holders, new Set());
  const votes = needs.map(
    (_, index) => holders.filter((held, place) => held !== null && places[place] === index).length,
  );
  return { met: needs.length > 0 && holders.every((held) => held !== null), votes };
}

/** Finds a place for the ballot, moving others that could sit elsewhere. */
function seat(
  ballot: number,
  needs: readonly Need[],
  ballots: readonly Ballot[],
  places: readonly number[],
  holders: (number | null)[],
  tried: Set<number>,
): boolean {
  for (const [place, index] of places.entries()) {
    const need = needs[index];
    if (need === undefined || tried.has(place) || !ballots[ballot]?.approvals.includes(need.approval)) continue;
    tried.add(place);
    const holder = holders[place] ?? null;
    if (holder !== null && !seat(holder, needs, ballots, places, holders, tried)) continue;
    holders[place] = ballot;
    return true;
  }
  return false;
}
