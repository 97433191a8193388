/** Kill switches and their history. Nothing is ever removed: lifting is written beside the flip. */
import { newSwitchId } from "../../ids.ts";
import { personName } from "../../person-name.ts";
import type {
  FlipInput,
  PersonRef,
  SwitchDocument,
  SwitchNotice,
  SwitchRef,
  SwitchesAsked,
  SwitchScope,
  WireSwitch,
} from "../../rpc.ts";
import { rows } from "../../rows.ts";

export interface StoredSwitch extends WireSwitch {
  readonly epoch: number;
}

interface Row {
  readonly id: string;
  readonly scope: SwitchScope;
  readonly name: string;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
  readonly epoch: number;
  readonly lifted_by: string | null;
  readonly lifted_reason: string | null;
  readonly lifted_at: number | null;
}

export const FLEET = "*";

export function insertSwitch(sql: SqlStorage, input: FlipInput, epoch: number, now: number): string {
  const id = newSwitchId();
  sql.exec(
    "INSERT INTO switches (id, scope, name, reason, by, at, epoch) VALUES (?, ?, ?, ?, ?, ?, ?)",
    id,
    input.scope,
    input.name,
    input.reason,
    personName(input.by),
    now,
    epoch,
  );
  return id;
}

/** Ids of the flipped switches that a lift concerns, newest first. */
export function concerned(sql: SqlStorage, scope: SwitchScope, name: string, id: string | null): readonly string[] {
  return sql
    .exec<{ id: string }>(
      "SELECT id FROM switches WHERE lifted_at IS NULL AND scope = ? AND name = ? ORDER BY at DESC, epoch DESC",
      scope,
      name,
    )
    .toArray()
    .map((row) => row.id)
    .filter((each) => id === null || each === id);
}

export function markLifted(sql: SqlStorage, id: string, by: PersonRef, reason: string, now: number): void {
  sql.exec(
    "UPDATE switches SET lifted_by = ?, lifted_reason = ?, lifted_at = ? WHERE id = ? AND lifted_at IS NULL",
    personName(by),
    reason,
    now,
    id,
  );
}

/** How far each of a page has got is looked up in a row of every agent. */
const PAGE = 100;

export interface StoredPage {
  readonly stored: readonly StoredSwitch[];
  readonly cursor: number | null;
}

/** Newest first: each has an epoch of its own, so that what is flipped meanwhile moves no page. */
export function pageOfSwitches(sql: SqlStorage, { history, after, of }: SwitchesAsked): StoredPage {
  const found = rows<Row>(
    sql,
    `SELECT * FROM switches WHERE (?1 OR lifted_at IS NULL) AND (?2 IS NULL OR epoch < ?2)
       AND (?3 IS NULL OR (scope = ?3 AND name = ?4)) ORDER BY epoch DESC LIMIT ${PAGE + 1}`,
    history ? 1 : 0,
    after ?? null,
    of?.scope ?? null,
    of?.name ?? null,
  );
  const stored = found.slice(0, PAGE).map(fromRow);
  return { stored, cursor: found.length > PAGE ? (stored.at(-1)?.epoch ?? null) : null };
}

export function flippedNames(sql: SqlStorage): readonly Pick<WireSwitch, "scope" | "name">[] {
  return rows<Pick<WireSwitch, "scope" | "name">>(sql, "SELECT scope, name FROM switches WHERE lifted_at IS NULL");
}

export function readSwitch(sql: SqlStorage, id: string): StoredSwitch | null {
  const row = rows<Row>(sql, "SELECT * FROM switches WHERE id = ?", id)[0];
  return row === undefined ? null : fromRow(row);
}

export function noticeForAgent(sql: SqlStorage, agent: string, epoch: number): SwitchNotice {
  const flipped = rows<Row>(
    sql,
    `SELECT * FROM switches WHERE lifted_at IS NULL AND scope <> 'session' AND (scope <> 'agent' OR name = ?)
     ORDER BY epoch`,
    agent,
  );
  return { side: "agent", epoch, switches: flipped.map(refOf) };
}

export function noticeForSession(sql: SqlStorage, session: string, epoch: number): SwitchNotice {
  const flipped = rows<Row>(
    sql,
    "SELECT * FROM switches WHERE lifted_at IS NULL AND scope = 'session' AND name = ? ORDER BY epoch",
    session,
  );
  return { side: "session", epoch, switches: flipped.map(refOf) };
}

export function documentOf(sql: SqlStorage, epoch: number, at: number): SwitchDocument {
  const flipped = rows<Row>(
    sql,
    "SELECT * FROM switches WHERE lifted_at IS NULL AND scope <> 'session' ORDER BY scope, name",
  );
  const names = new Set<string>();
  const killed = flipped.flatMap(({ scope, name }) => {
    const known = names.has(`${scope} ${name}`);
    names.add(`${scope} ${name}`);
    return known || scope === "session" ? [] : [{ scope, name }];
  });
  return { epoch, at, killed };
}

function refOf({ id, scope, name, reason, by }: Row): SwitchRef {
  return { id, scope, name, reason, by };
}

function fromRow(row: Row): StoredSwitch {
  const { id, scope, name, reason, by, epoch } = row;
  const lifted =
    row.lifted_at === null
      ? null
      : { by: row.lifted_by ?? "", reason: row.lifted_reason ?? "", at: new Date(row.lifted_at).toISOString() };
  return { id, scope, name, reason, by, epoch, at: new Date(row.at).toISOString(), lifted };
}
