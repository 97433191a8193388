/** Reasons of the edge that no policy changes. */

/** Given before any rule is asked. */
export const BEFORE_RULES: readonly string[] = ["killed", "frozen", "session_expired", "overloaded", "internal"];

/** Asking people is refused. */
export const UNASKED: readonly string[] = ["approval_denied", "approval_backlog", "too_large_to_review"];
