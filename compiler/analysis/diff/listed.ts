/** Many names as a line takes them. */

/** `a, b, c and 4 more`. */
export function listed(names: readonly string[]): string {
  const few = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${few} and ${names.length - 3} more` : few;
}
