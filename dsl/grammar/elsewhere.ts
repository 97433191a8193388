/** Words of other policy languages, and what says the same here. */

const firstWords: ReadonlyMap<string, string> = new Map(
  Object.entries({
    never: ["deny", "denies", "forbid", "block", "reject", "refuse", "disallow", "prohibit", "forbidden"],
    allow: ["permit", "grant", "accept", "allows", "can"],
    ask: ["require", "requires", "confirm", "approve", "needs", "need"],
    notify: ["alert", "inform", "warn", "log"],
    limit: ["rate", "quota", "throttle", "ratelimit", "rate_limit", "cap"],
  }).flatMap(([ours, theirs]) => theirs.map((word): [string, string] => [word, ours])),
);

const clauses = new Map([
  ["if", "when"],
  ["where", "when"],
  ["while", "when"],
  ["using", "via"],
  ["through", "via"],
  ["without", "except"],
  ["but", "except"],
]);

/** The first word of a rule that `deny`, `permit` or `require` stands for elsewhere. */
export function wordHere(image: string): string | null {
  return firstWords.get(image.toLowerCase()) ?? null;
}

/** The word of a clause that `if` or `using` stands for elsewhere. */
export function clauseHere(image: string): string | null {
  return clauses.get(image.toLowerCase()) ?? null;
}
