/** The end of a switch over a union that was dealt with whole. @throws when data breaks its type */
export function assertNever(value: never): never {
  throw new Error(`unexpected: ${JSON.stringify(value)}`);
}
