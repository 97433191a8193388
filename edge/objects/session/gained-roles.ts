/** Roles that the root session has gained, each until its time is over. Sessions below it have none of them. */
import { firstRow, rows } from "../../rows.ts";
import { isRoot, type Member } from "./member.ts";

export const ROLES_SCHEMA = `
  CREATE TABLE IF NOT EXISTS roles (
    role TEXT PRIMARY KEY, approval TEXT NOT NULL, gained_at INTEGER NOT NULL, until INTEGER NOT NULL
  ) WITHOUT ROWID;
`;

export interface GainedRole {
  readonly role: string;
  readonly approval: string;
  readonly gained_at: number;
  readonly until: number;
}

/** Those whose time may be over, too. */
export function readRoles(sql: SqlStorage): readonly GainedRole[] {
  return rows<GainedRole>(sql, "SELECT role, approval, gained_at, until FROM roles ORDER BY role");
}

/** What counts for this session now. */
export function rolesOf(sql: SqlStorage, row: Pick<Member, "session" | "root">, now: number): readonly GainedRole[] {
  return isRoot(row) ? readRoles(sql).filter(({ until }) => until > now) : [];
}

/** Gained again it lasts as long as the later end. */
export function writeRole(sql: SqlStorage, { role, approval, gained_at, until }: GainedRole): void {
  sql.exec(
    `INSERT INTO roles (role, approval, gained_at, until) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (role) DO UPDATE SET approval = ?2, gained_at = ?3, until = max(until, ?4)`,
    role,
    approval,
    gained_at,
    until,
  );
}

export function shortenRole(sql: SqlStorage, role: string, until: number): void {
  sql.exec("UPDATE roles SET until = ? WHERE role = ?", until, role);
}

export function dropRole(sql: SqlStorage, role: string): void {
  sql.exec("DELETE FROM roles WHERE role = ?", role);
}

/** When the next of them ends; null: none is gained. */
export function nextRoleEnd(sql: SqlStorage): number | null {
  return firstRow<{ until: number }>(sql, "SELECT until FROM roles ORDER BY until LIMIT 1")?.until ?? null;
}
