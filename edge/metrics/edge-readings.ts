/** What the objects say of themselves, as families of metrics. Pure. */
import type { Limit } from "../../engine/index.ts";
import { HAND_OVER_BOUNDS, LATENCY_BOUNDS, SWITCH_SCOPES } from "../rpc.ts";
import type { Gauges, Latencies, LedgerCounters, SinkCounters, WireSwitch } from "../rpc.ts";
import type { Family, Sample } from "./open-metrics.ts";

export interface HolderReading {
  /** Null: the fleet's. */
  readonly agent: string | null;
  readonly limits: readonly Limit[];
  readonly gauges: Gauges;
}

export interface Readings {
  readonly policy: { readonly name: string; readonly hash: string; readonly sequence: number };
  /** All of the policy's, whoever counts them. */
  readonly limits: readonly Limit[];
  readonly ledger: readonly LedgerCounters[];
  /** Of all shards together. */
  readonly exports: readonly SinkCounters[];
  readonly flipped: readonly Pick<WireSwitch, "scope">[];
  readonly holders: readonly HolderReading[];
  /** Agents with sessions beyond those that are asked, and those that didn't answer. */
  readonly not_asked: number;
}

/** Limits below this share of N aren't near their edge. */
const NEAR = 0.8;
/** Of limits, the fullest; of decisions, by reason: more would be no reasons. */
const MOST_SERIES = 200;

export function familiesOf(readings: Readings): readonly Family[] {
  const { policy, not_asked } = readings;
  const labels = { name: policy.name, policy: policy.hash, sequence: String(policy.sequence) };
  return [
    { type: "info", name: "agentpolicy_policy", help: "The policy in force.", labels },
    ...ledgerFamilies(readings.ledger),
    ...exportFamilies(readings.exports),
    gauge("agentpolicy_switches_flipped", "Kill switches that are flipped now.", byScope(readings.flipped)),
    counter(
      "agentpolicy_requests_refused",
      "Requests that were refused without a record: by a problem, the shield, or a policy that opens no session.",
      refusalsOf(readings.ledger),
    ),
    ...agentFamilies(readings.holders),
    gauge(
      "agentpolicy_limit_used_ratio",
      "Share of a limit that is used, where it is 0.8 or more.",
      nearEdge(readings.holders),
      "ratio",
    ),
    counter(
      "agentpolicy_decisions_near_limit",
      "Decisions after which a fifth or less of a limit was left, whoever counts it.",
      nearLimits(readings),
    ),
    gauge("agentpolicy_agents_not_asked", "Agents with sessions that these numbers leave out.", [of(not_asked)]),
  ];
}

function ledgerFamilies(shards: readonly LedgerCounters[]): readonly Family[] {
  const total = (pick: (shard: LedgerCounters) => number): number => shards.reduce((sum, each) => sum + pick(each), 0);
  return [
    counter("agentpolicy_decisions", "Decisions on record, by result and reason.", decisionsOf(shards)),
    histogram(
      "agentpolicy_decision_duration_seconds",
      "From the arrival of a request to the commit of its decision.",
      LATENCY_BOUNDS,
      shards.map(({ latencies }) => latencies),
    ),
    histogram(
      "agentpolicy_record_lag_seconds",
      "From the writing of a record until the ledger and the exports have it.",
      HAND_OVER_BOUNDS,
      shards.map(({ hand_overs }) => hand_overs),
    ),
    counter("agentpolicy_records", "Records that the ledger holds.", [of(total(({ records }) => records))]),
    gauge("agentpolicy_records_unsigned", "Records that no checkpoint covers yet.", [
      of(total(({ unsigned }) => unsigned)),
    ]),
    counter("agentpolicy_record_disputes", "Records that contradict the ledger.", [
      of(total(({ disputes }) => disputes)),
    ]),
  ];
}

function exportFamilies(sinks: readonly SinkCounters[]): readonly Family[] {
  const each = (pick: (sink: SinkCounters) => number): readonly Sample[] =>
    sinks.map((sink) => ({ labels: { sink: sink.name }, value: pick(sink) }));
  const [lag, waiting] = [each((sink) => sink.lag / 1_000), each((sink) => sink.waiting)];
  const [sent, failed] = [each((sink) => sink.sent), each((sink) => sink.failed)];
  const [dead, given] = [each((sink) => sink.dead), each((sink) => sink.given_up)];
  return [
    gauge("agentpolicy_export_lag_seconds", "How long the oldest record waits for its sink.", lag, "seconds"),
    gauge("agentpolicy_export_waiting", "Records that wait for their sink.", waiting),
    counter("agentpolicy_export_records", "Records that a sink has taken.", sent),
    counter("agentpolicy_export_failures", "Tries to send that came to nothing.", failed),
    counter("agentpolicy_export_given_up", "Records that became dead letters, each time that they did.", given),
    gauge("agentpolicy_export_dead_letters", "Records that a sink didn't take.", dead),
  ];
}

function decisionsOf(shards: readonly LedgerCounters[]): readonly Sample[] {
  const sums = new Map<string, { readonly labels: Sample["labels"]; value: number }>();
  for (const { decision, reason, count } of shards.flatMap(({ decisions }) => decisions)) {
    const key = `${decision} ${reason}`;
    const sum = sums.get(key) ?? { labels: { decision, reason }, value: 0 };
    sum.value += count;
    sums.set(key, sum);
  }
  return [...sums.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, sum]) => sum)
    .slice(0, MOST_SERIES);
}

function refusalsOf(shards: readonly LedgerCounters[]): readonly Sample[] {
  const sums = new Map<string, number>();
  for (const { reason, count } of shards.flatMap(({ refusals }) => refusals))
    sums.set(reason, (sums.get(reason) ?? 0) + count);
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([reason, value]) => ({ labels: { reason }, value }));
}

/** Of the policy in force only, so that their number has a bound. */
function nearLimits({ limits, ledger }: Readings): readonly Sample[] {
  const counted = ledger.flatMap(({ near }) => near);
  const known = new Map(limits.map(({ id, per }) => [id, per]));
  return [...known]
    .map(([id, per]) => {
      const own = counted.filter((each) => each.id === id);
      return { labels: { limit: id, per }, value: own.reduce((sum, { count }) => sum + count, 0) };
    })
    .filter(({ value }) => value > 0)
    .toSorted((a, b) => b.value - a.value)
    .slice(0, MOST_SERIES);
}

function histogram(name: string, help: string, ms: readonly number[], all: readonly Latencies[]): Family {
  const counts = [...ms, 0].map((_, at) => all.reduce((sum, each) => sum + (each.counts[at] ?? 0), 0));
  const sum = all.reduce((one, each) => one + each.sum, 0) / 1_000;
  const bounds = ms.map((bound) => bound / 1_000);
  return { type: "histogram", name, unit: "seconds", help, buckets: { bounds, counts, sum } };
}

function byScope(flipped: Readings["flipped"]): readonly Sample[] {
  return SWITCH_SCOPES.map((scope) => ({
    labels: { scope },
    value: flipped.filter((each) => each.scope === scope).length,
  }));
}

function agentFamilies(holders: readonly HolderReading[]): readonly Family[] {
  const each = (pick: (gauges: Gauges) => number): readonly Sample[] =>
    holders.flatMap(({ agent, gauges }) => (agent === null ? [] : [{ labels: { agent }, value: pick(gauges) }]));
  return [
    gauge(
      "agentpolicy_sessions_live",
      "Sessions that live.",
      each(({ live }) => live),
    ),
    gauge(
      "agentpolicy_approvals_pending",
      "Questions that wait for people.",
      each(({ pending }) => pending),
    ),
  ];
}

function nearEdge(holders: readonly HolderReading[]): readonly Sample[] {
  return holders
    .flatMap(({ agent, limits, gauges }) =>
      limits.map((limit, at) => ({
        labels: { limit: limit.id, per: limit.per, ...(agent === null ? {} : { agent }) },
        value: shareOf(gauges.used[at] ?? 0n, limit.n),
      })),
    )
    .filter(({ value }) => value >= NEAR)
    .toSorted((a, b) => b.value - a.value)
    .slice(0, MOST_SERIES);
}

/** To four digits; a limit of nothing is used up. */
function shareOf(used: bigint, n: string): number {
  const [whole = "0", fraction = ""] = n.split(".");
  const most = BigInt(whole + fraction.padEnd(6, "0"));
  return most <= 0n ? 1 : Number((used * 10_000n) / most) / 10_000;
}

function of(value: number): Sample {
  return { labels: {}, value };
}

function gauge(name: string, help: string, samples: readonly Sample[], unit?: string): Family {
  return { type: "gauge", name, help, samples, ...(unit === undefined ? {} : { unit }) };
}

function counter(name: string, help: string, samples: readonly Sample[]): Family {
  return { type: "counter", name, help, samples };
}
