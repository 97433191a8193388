/** Whether a condition, or the patterns of a scope, read an argument or a part of it. */
export function readsArgument(part: unknown, argument: string): boolean {
  if (typeof part !== "object" || part === null) return false;
  if ("from" in part && part.from === "args" && "path" in part && isFirst(part.path, argument)) return true;
  if ("op" in part) {
    // Detectors without an operand look through all arguments.
    if (part.op === "detect" && "of" in part && part.of === null) return true;
    if (part.op === "session_did" && "same" in part && Array.isArray(part.same) && part.same.includes(argument)) {
      return true;
    }
  }
  return Object.values(part).some((inner) => readsArgument(inner, argument));
}

function isFirst(path: unknown, argument: string): boolean {
  return Array.isArray(path) && path[0] === argument;
}
