/** Which arguments a condition, or the patterns of a scope, read by name: wholly or a part of them. */
export function argumentsIn(part: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  collect(part, names);
  return names;
}

function collect(part: unknown, names: Set<string>): void {
  if (typeof part !== "object" || part === null) return;
  if ("from" in part && part.from === "args" && "path" in part && Array.isArray(part.path))
    addText(part.path[0], names);
  if ("op" in part && part.op === "session_did" && "same" in part && Array.isArray(part.same)) {
    for (const name of part.same) addText(name, names);
  }
  for (const inner of Object.values(part)) collect(inner, names);
}

function addText(name: unknown, names: Set<string>): void {
  if (typeof name === "string") names.add(name);
}

/** `args contain secrets`: a detector that looks through all arguments and names none. */
export function searchesAll(part: unknown): boolean {
  if (typeof part !== "object" || part === null) return false;
  if ("op" in part && part.op === "detect" && "of" in part && part.of === null) return true;
  return Object.values(part).some(searchesAll);
}
