/** For the case that the types rule out: reaching it is our bug, never a policy's. */
export function assertNever(value: never): never {
  throw new Error(`nothing is prepared for ${JSON.stringify(value)}`);
}
