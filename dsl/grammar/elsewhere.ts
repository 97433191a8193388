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

/** An operator of other languages without `_`, and what says the same here. */
const operators: ReadonlyMap<string, string> = new Map(
  Object.entries({
    like: ["matches", "match", "matching", "regex", "regexp"],
    "==": ["equals", "equal", "eq"],
    "!=": ["differs", "ne", "neq"],
    ">": ["gt", "above", "exceeds", "over"],
    ">=": ["gte", "ge"],
    "<": ["lt", "below", "under"],
    "<=": ["lte", "le"],
    contains: ["includes", "include", "containing", "has"],
    "starts with": ["startswith", "beginswith"],
    "ends with": ["endswith"],
    "is present": ["exists"],
  }).flatMap(([ours, theirs]) => theirs.map((word): [string, string] => [word, ours])),
);

/** Words that begin a rule or a declaration elsewhere and have no counterpart: what does the same here. */
const without: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "every rule stands by itself: turn the condition round, as in `ask … unless …`": [
      "else",
      "elif",
      "elseif",
      "otherwise",
    ],
    "delete it: all `.agentpolicy` files below one directory are one policy": [
      "import",
      "imports",
      "include",
      "from",
      "extends",
      "package",
      "namespace",
      "module",
    ],
  }).flatMap(([help, words]) => words.map((word): [string, string] => [word, help])),
);

/** The operator that `matches` or `equals` stands for elsewhere. */
export function operatorHere(image: string): string | null {
  return operators.get(image.toLowerCase().replaceAll("_", "")) ?? null;
}

/** What does here what `else` or `import` does elsewhere. */
export function helpWithout(image: string): string | null {
  return without.get(image) ?? null;
}

/** The first word of a rule that `deny`, `permit` or `require` stands for elsewhere. */
export function wordHere(image: string): string | null {
  return firstWords.get(image.toLowerCase()) ?? null;
}

/** The word of a clause that `if` or `using` stands for elsewhere. */
export function clauseHere(image: string): string | null {
  return clauses.get(image.toLowerCase()) ?? null;
}
