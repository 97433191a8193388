/** The word that was probably meant. */
import { editDistance } from "./edit-distance.ts";

/** The nearest candidate by insertions, deletions, changes and swaps (Damerau); null where none is near. */
export function nearestWord(word: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = word.length < 4 ? 1.5 : word.length < 8 ? 2.5 : 3.5;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), bestDistance);
    // A slip seldom hits the first letter, so two changes that do make another word: `version` isn't `session`.
    if (distance > 1 && word[0]?.toLowerCase() !== candidate[0]?.toLowerCase()) continue;
    if (distance < bestDistance && distance < candidate.length / 2) [best, bestDistance] = [candidate, distance];
  }
  return best;
}
