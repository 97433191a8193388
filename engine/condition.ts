/**
 * Conditions as the table holds them: typed, defines already put in place, every literal canonical for its type.
 *
 * Comparable types: `string` (also email, host, uuid, enum, path, ip text), `number` (int and decimal, exact),
 * `bool`, `time` (UTC ms), `duration` (ms). The compiler has checked that both sides have the one named.
 */
export type ComparableType = "string" | "number" | "bool" | "time" | "duration";

export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

export type Condition =
  | { readonly op: "constant"; readonly value: boolean }
  | { readonly op: "and" | "or"; readonly of: readonly Condition[] }
  | { readonly op: "not"; readonly of: Condition }
  | {
      readonly op: "compare";
      readonly by: Comparison;
      readonly type: ComparableType;
      readonly left: Operand;
      readonly right: Operand;
    }
  /** Membership in literals, all of `type`. */
  | { readonly op: "in"; readonly type: ComparableType; readonly left: Operand; readonly members: readonly Literal[] }
  /** Membership in a named set of the table. */
  | { readonly op: "in_set"; readonly type: ComparableType; readonly left: Operand; readonly set: string }
  /** Membership in a live set of the table, which only the edge can read. Always text. */
  | { readonly op: "in_live_set"; readonly left: Operand; readonly set: string }
  /** An address (email, requester) in a group; `requester` membership may rest on claims. */
  | { readonly op: "in_group"; readonly left: Operand; readonly group: string }
  /** An `ip` in one of the networks, in CIDR notation. */
  | { readonly op: "in_network"; readonly left: Operand; readonly networks: readonly string[] }
  /** A list operand holds the value: `args.tags contains "x"`. */
  | { readonly op: "has"; readonly type: ComparableType; readonly list: Operand; readonly value: Operand }
  /** Text tests; `like` is a glob with `*` and `?`. */
  | {
      readonly op: "like" | "contains" | "starts_with" | "ends_with";
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly op: "present"; readonly of: Operand }
  | {
      readonly op: "every" | "some";
      readonly variable: string;
      readonly list: Operand;
      readonly body: Condition;
    }
  | { readonly op: "during"; readonly schedule: string }
  /** Heuristics over all arguments (`of` null) or one. Never inside `allow` or `notify`. */
  | { readonly op: "detect"; readonly detector: Detector; readonly of: Operand | null }
  /** Read by the session: */
  | { readonly op: "session_has"; readonly label: string }
  | {
      readonly op: "session_did";
      readonly action: string;
      /** Arguments that must equal this request's, by name. */
      readonly same: readonly string[];
      readonly within: number | null;
    }
  /** The canonical text of the operand (of each element) stands in the task as a whole token. */
  | { readonly op: "task_mentions"; readonly of: Operand };

export type Detector = "secrets" | "card_numbers" | "canaries";

/** Numbers are canonical decimal strings here too, so that nothing passes through binary floating point. */
export type Literal =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "number"; readonly value: string }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "time"; readonly value: number }
  | { readonly type: "duration"; readonly value: number };

export type Operand =
  | { readonly from: "literal"; readonly literal: Literal }
  /** `args.to.size` is path ["to", "size"]; the parameter's type tells fields from members. */
  | { readonly from: "args"; readonly path: readonly string[] }
  /** The element of the enclosing `every` or `some`, or a member of it. */
  | { readonly from: "variable"; readonly name: string; readonly path: readonly string[] }
  | { readonly from: "fact"; readonly fact: Fact };

/** Facts that the request, the agent, the clock or the platform decide: known, or unknown, at `match`. */
const MATCH_FACTS = [
  "agent.id",
  "agent.owner",
  "agent.roles",
  "environment",
  "requester.id",
  "requester.groups",
  "resource",
  "request.ip",
  "request.country",
  "request.time",
  "claimed.confidence",
  "session.id",
] as const;

/** Facts that only the session's object can read: still to be read after `match`. */
export const SESSION_FACTS = ["session.age", "session.calls", "session.labels"] as const;

export const FACTS = [...MATCH_FACTS, ...SESSION_FACTS] as const;

export type Fact = (typeof FACTS)[number];
