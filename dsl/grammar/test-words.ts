/** Words of tests: those of this language, and those by which people know the same elsewhere. */

/** First words of the steps that aren't calls, and what may stand before a call. */
export const testWords: readonly string[] =
  "given repeat approved denied expired failed delegate return become after".split(" ");

const foreign: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "write `after 2h`: the clock moves on": ["wait", "sleep", "advance", "later", "elapse", "tick", "pause"],
    "write `approved` before the call": ["approve", "confirm", "confirmed", "granted", "accept"],
    "write `denied` before the call": ["deny", "reject", "rejected", "refuse", "refused"],
    "write `expired` before the call": ["timeout", "timed_out", "expire", "unanswered"],
    "write `failed` before the call": ["fail", "fails", "error", "broken"],
    "write `delegate to AGENT`": ["call", "as", "switch", "handoff", "hand", "spawn", "invoke", "run"],
    "write `return`": ["end", "back", "done", "leave", "exit"],
    "write `become ROLE => ask`": ["elevate", "assume", "sudo", "gain"],
    "leave it out: a call stands by itself, with `=>` and what should come": [
      "expect",
      "assert",
      "should",
      "verify",
      "check",
      "when",
      "then",
      "do",
      "try",
    ],
    'write `given session has LABEL` or `given set NAME has "x"`': ["with", "let", "assuming", "setup", "having"],
    "write `repeat 3: CALL => allow`": ["times", "loop", "for", "each"],
  }).flatMap(([help, words]) => words.map((word): [string, string] => [word, help])),
);

/** What says here what `wait` or `expect` says elsewhere. */
export function stepHere(image: string): string | null {
  return foreign.get(image.toLowerCase()) ?? null;
}
