/** Grants of a policy that nobody used, and a patch that takes them away. */
import { prepare, type Table } from "../../engine/index.ts";
import type { Source } from "../../dsl/index.ts";
import type { CompileOptions } from "../compile.ts";
import type { ReadLogs } from "./read-log.ts";
import { spanOf } from "./span.ts";
import { unusedGrants } from "./unused-grants.ts";
import { patchUnused } from "./unused-patch.ts";
import type { UnusedReport } from "./unused-report.ts";
import { usedGrants } from "./used-grants.ts";

export interface PolicySources {
  readonly table: Table;
  readonly sources: readonly Source[];
  /** With which the table was compiled. */
  readonly options: CompileOptions;
}

/** @param since UTC milliseconds */
export function findUnused({ table, sources, options }: PolicySources, logs: ReadLogs, since: number): UnusedReport {
  const policy = prepare(table);
  const unused = unusedGrants(policy, usedGrants(policy, logs, since));
  const patched = patchUnused(table, sources, options, unused);
  return { since: new Date(since).toISOString(), span: spanOf(logs), ...patched };
}
