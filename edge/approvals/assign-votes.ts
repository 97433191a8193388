/**
 * Which vote counts for which approval: one person counts once in a whole request, even where two approvals would take
 * the vote. So votes are matched to places (Kuhn's augmenting paths); a greedy choice could leave a quorum unmet that
 * another choice meets.
 */

export interface Need {
  readonly approval: string;
  readonly quorum: number;
}

/** The approvals that one person's vote could count for. */
export type Ballot = readonly string[];

export interface Assignment {
  readonly met: boolean;
  /** Votes that count, in the order of the needs. */
  readonly votes: readonly number[];
}

/** One of a quorum: of which need, and which ballot holds it. */
interface Place {
  readonly need: number;
  readonly approval: string;
  holder: number | null;
}

export function assignVotes(needs: readonly Need[], ballots: readonly Ballot[]): Assignment {
  const places = needs.flatMap(({ approval, quorum }, need) =>
    Array.from({ length: quorum }, (): Place => ({ need, approval, holder: null })),
  );
  for (const ballot of ballots.keys()) seat(ballot, ballots, places, new Set());
  const votes = needs.map((_, at) => places.filter(({ need, holder }) => need === at && holder !== null).length);
  return { met: needs.length > 0 && places.every(({ holder }) => holder !== null), votes };
}

/** Finds a place for the ballot, moving others that could sit elsewhere. */
function seat(ballot: number, ballots: readonly Ballot[], places: readonly Place[], tried: Set<Place>): boolean {
  for (const place of places) {
    if (tried.has(place) || !ballots[ballot]?.includes(place.approval)) continue;
    tried.add(place);
    if (place.holder !== null && !seat(place.holder, ballots, places, tried)) continue;
    place.holder = ballot;
    return true;
  }
  return false;
}
