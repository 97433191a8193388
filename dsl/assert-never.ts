/** The end of a `switch` over all kinds: a new kind that it forgets is a type error there. */
export function assertNever(value: never): never {
  throw new Error(`no case for ${JSON.stringify(value)}`);
}
