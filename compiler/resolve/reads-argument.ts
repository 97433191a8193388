/** Whether a condition, or the patterns of a scope, read an argument or a part of it. */
export function readsArgument(part: unknown, argument: string): boolean {
  if (typeof part !== "object" || part === null) return false;
  if ("from" in part && part.from === "args" && "path" in part && holds(part.path, 0, argument)) return true;
  if ("op" in part && part.op === "session_did" && "same" in part && holds(part.same, null, argument)) return true;
  return Object.values(part).some((inner) => readsArgument(inner, argument));
}

/** At the place, or anywhere. */
function holds(names: unknown, at: number | null, name: string): boolean {
  if (!Array.isArray(names)) return false;
  return at === null ? names.includes(name) : names[at] === name;
}

/** `args contain secrets`: a detector that looks through all arguments and names none. */
export function searchesAll(part: unknown): boolean {
  if (typeof part !== "object" || part === null) return false;
  if ("op" in part && part.op === "detect" && "of" in part && part.of === null) return true;
  return Object.values(part).some(searchesAll);
}
