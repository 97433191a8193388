/**
 * Four outcomes of a formula before the session is read: Kleene's three and *pending*, which only the session can
 * settle. The numbers are chosen so that `and` of what isn't false, and `or` of what isn't true, is the greater one:
 * what is pending may still come out either way, so it outlasts what is unknown.
 */
export const FALSE = 0;
export const TRUE = 1;
export const UNKNOWN = 2;
export const PENDING = 3;

export type Truth = typeof FALSE | typeof TRUE | typeof UNKNOWN | typeof PENDING;
