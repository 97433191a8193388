/** What a statement does, as far as those have to know who stand between an object and its storage. */
export interface StatementPlan {
  /** `change` is an UPDATE or DELETE, which does nothing to a table without rows. */
  readonly kind: "read" | "change" | "other";
  /** All that it names, the first being the one that it reads or changes. */
  readonly tables: readonly string[];
}

/** Tables that aren't found by their keyword: in quotes, or behind a comma. */
const UNNAMED = /\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+["'`[]|\b(?:FROM|JOIN)\s+\w+(?:\s+(?:AS\s+)?\w+)?\s*,/i;

/** Statements are texts of the source, so there are few. */
const plans = new Map<string, StatementPlan>();

export function statementPlan(statement: string): StatementPlan {
  const known = plans.get(statement);
  if (known !== undefined) return known;
  if (UNNAMED.test(statement)) throw new Error(`name each table by a bare word, and join by \`JOIN\`: ${statement}`);
  const named = statement.matchAll(
    /\b(?:FROM|JOIN|INTO|UPDATE|TABLE(?: IF NOT EXISTS)?|INDEX IF NOT EXISTS \w+ ON)\s+(\w+)/gi,
  );
  const tables = [...new Set([...named].map(([, table = ""]) => table.toLowerCase()))];
  const plan = { kind: kindOf(statement, tables), tables };
  plans.set(statement, plan);
  return plan;
}

function kindOf(statement: string, tables: readonly string[]): StatementPlan["kind"] {
  if (/^\s*SELECT\b/i.test(statement) && tables.length > 0) return "read";
  return /^\s*(?:UPDATE|DELETE FROM)\b/i.test(statement) ? "change" : "other";
}
