/** Places among the agent's pending approvals: so many and no more questions wait for people at once. */

const MAX_PENDING = 20;

/** @returns whether there is a place; asking again for the same approval changes nothing */
export function takePlace(sql: SqlStorage, approval: string, session: string, expires: number, now: number): boolean {
  if (sql.exec("SELECT 1 FROM places WHERE approval = ?", approval).toArray().length > 0) return true;
  sql.exec("DELETE FROM places WHERE expires <= ?", now);
  const taken = sql.exec<{ count: number }>("SELECT count(*) AS count FROM places").one().count;
  if (taken >= MAX_PENDING) return false;
  sql.exec(
    "INSERT INTO places (approval, session, expires, at, confirmed) VALUES (?, ?, ?, ?, 0)",
    approval,
    session,
    expires,
    now,
  );
  return true;
}

/** The session has asked; it keeps the place however many there are. */
export function confirmPlace(sql: SqlStorage, approval: string): void {
  sql.exec("UPDATE places SET confirmed = 1 WHERE approval = ?", approval);
}

/** A vote lost its standing, so people are asked again: however many wait by now, they have to find it. */
export function returnToPlace(sql: SqlStorage, approval: string, session: string, expires: number, now: number): void {
  sql.exec(
    "INSERT OR REPLACE INTO places (approval, session, expires, at, confirmed) VALUES (?, ?, ?, ?, 1)",
    approval,
    session,
    expires,
    now,
  );
}

export function leavePlace(sql: SqlStorage, approval: string): void {
  sql.exec("DELETE FROM places WHERE approval = ?", approval);
}

export function pendingPlaces(
  sql: SqlStorage,
  now: number,
): readonly { readonly id: string; readonly session: string }[] {
  return sql
    .exec<{ id: string; session: string }>(
      "SELECT approval AS id, session FROM places WHERE confirmed = 1 AND expires > ? ORDER BY at, approval",
      now,
    )
    .toArray();
}

/** By session, places that were taken before `before` and never used as far as is known. */
export function unconfirmedPlaces(sql: SqlStorage, before: number): ReadonlyMap<string, readonly string[]> {
  const rows = sql
    .exec<{ session: string; approval: string }>(
      "SELECT session, approval FROM places WHERE confirmed = 0 AND at < ? LIMIT 500",
      before,
    )
    .toArray();
  const bySession = new Map<string, string[]>();
  for (const row of rows) bySession.set(row.session, [...(bySession.get(row.session) ?? []), row.approval]);
  return bySession;
}

export function oldestUnconfirmed(sql: SqlStorage): number | null {
  return sql.exec<{ at: number | null }>("SELECT min(at) AS at FROM places WHERE confirmed = 0").one().at;
}
