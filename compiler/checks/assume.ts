/** What a condition comes to when only the session's labels are known. */
import type { Condition } from "../../engine/index.ts";

export type Truth = "true" | "false" | "unknown";

/** `has` says which labels the session carries; everything else is unknown. */
export function assumeLabels(condition: Condition | null, has: (label: string) => Truth): Truth {
  if (condition === null) return "true";
  switch (condition.op) {
    case "constant":
      return condition.value ? "true" : "false";
    case "session_has":
      return has(condition.label);
    case "not":
      return opposite(assumeLabels(condition.of, has));
    case "and":
      return join(condition.of, has, "false");
    case "or":
      return join(condition.of, has, "true");
    default:
      return "unknown";
  }
}

function opposite(truth: Truth): Truth {
  if (truth === "unknown") return "unknown";
  return truth === "true" ? "false" : "true";
}

/** One part that is `deciding` decides; else one unknown part leaves it open. */
function join(parts: readonly Condition[], has: (label: string) => Truth, deciding: "true" | "false"): Truth {
  const truths = parts.map((part) => assumeLabels(part, has));
  if (truths.includes(deciding)) return deciding;
  return truths.includes("unknown") ? "unknown" : opposite(deciding);
}
