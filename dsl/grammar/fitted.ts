/** The list without the room that it grew into: most lists of a tree have one item, and room for seventeen. */
export function fitted<T>(list: readonly T[]): T[] {
  return list.slice();
}
