/** The results as a table for a terminal. */
import type { Measured } from "./measure.ts";

export interface Size {
  readonly agents: number;
  /** How many of them ask. */
  readonly active: number;
  readonly roles: number;
  readonly rulesPerRole: number;
  readonly requests: number;
  /** How many of them the clock ran over. */
  readonly timed: number;
  /** How many of the requests every contender allowed. */
  readonly allowed: number;
  readonly results: readonly Measured[];
}

/** The whole language, kind by kind. */
export interface Whole {
  readonly kinds: readonly (Measured & { readonly allowed: number; readonly requests: number })[];
  /** Of all requests in which nothing plays a part that the session knows: how many, and the greediest; null without gc. */
  readonly stateless: { readonly requests: number; readonly most_bytes: number | null };
}

/** What a request that meets no stateful row may allocate. */
export const STATELESS_BUDGET = 1024;

export function render(sizes: readonly Size[], whole: Whole, seed: number): string {
  return `${[preamble(seed), ...sizes.map(renderSize), renderWhole(whole)].join("\n")}\n`;
}

function renderWhole({ kinds, stateless }: Whole): string {
  const rows = kinds.map(({ name, nanoseconds, bytes, allowed, requests }) => {
    const share = `${allowed} of ${requests}`.padStart(12);
    const memory = (bytes === null ? "-" : bytes.toFixed(0)).padStart(9);
    return `  ${name.padEnd(42)}${nanoseconds.toFixed(0).padStart(12)}${memory}${share}`;
  });
  const most = stateless.most_bytes === null ? "- (run with --expose-gc)" : `${stateless.most_bytes.toFixed(0)} bytes`;
  return [
    "The whole language, this engine alone: one policy with all of it, requests by what they use",
    `  ${"".padEnd(42)}${"ns/decision".padStart(12)}${"bytes".padStart(9)}${"allowed".padStart(12)}`,
    ...rows,
    "",
    `Of ${stateless.requests} requests that meet no stateful row, the greediest allocates ${most} (at most ${STATELESS_BUDGET})`,
  ].join("\n");
}

function preamble(seed: number): string {
  return `Timed is one whole answer to one request: for agentpolicy \`match\` and \`decide\`, with the arguments checked and the
resources computed; for each other contender what its note says. Requests stand ready in its own form, and contenders
take turns; the table has the median. The workload is fixed: it is drawn from seed ${seed} and the same for all of
them. Run it with \`--seed N\` for another.
`;
}

function renderSize(size: Size): string {
  const { agents, active, roles, rulesPerRole, requests, timed, allowed, results } = size;
  const share = Math.round((allowed / requests) * 100);
  const head = `${agents} agents of which ${active} ask, ${roles} roles of ${rulesPerRole} rules; ${requests} requests with equal answers (${share} % allowed), ${timed} of them timed`;
  const base = results[0]?.nanoseconds ?? Number.NaN;
  const rows = results.map((result) => renderResult(result, base));
  return [head, COLUMNS, ...rows, ""].join("\n");
}

const COLUMNS = `  ${"".padEnd(28)}${"ns/decision".padStart(12)}${"ratio".padStart(9)}${"bytes".padStart(9)}`;

function renderResult({ name, note, nanoseconds, bytes }: Measured, base: number): string {
  const time = nanoseconds.toFixed(0).padStart(12);
  const ratio = (nanoseconds / base).toFixed(2).padStart(9);
  const memory = (bytes === null ? "-" : bytes.toFixed(0)).padStart(9);
  return `  ${name.padEnd(28)}${time}${ratio}${memory}  ${note}`;
}
