/**
 * Checks a pulled log offline: that every session's records are what the edge wrote, in the order it wrote them, with
 * none changed, left out in between or put in. A record's hash is SHA-256 over its canonical JSON (RFC 8785) without
 * `hash`; `prev` is the hash of the one before.
 */
import { canonicalJson, sha256Hex } from "./canonical.ts";
import { createErasures, type Erasures } from "./erasures.ts";
import { createLedgerReader, type LedgerReader } from "./ledger-lines.ts";
import { type ChainHashes, type LedgerReport, type LedgerTrust, verifyLedger } from "./verify-ledger.ts";

export interface RecordsReport {
  /** True when every record fits, and the ledger vouches for what it was asked about. */
  readonly ok: boolean;
  readonly records: number;
  readonly sessions: readonly SessionReport[];
  /** The first record that doesn't fit, in the order of the lines. */
  readonly problem: RecordProblem | null;
  /** What this check can't say, each with how many records it concerns. */
  readonly unchecked: Unchecked;
  /** How the records stand to the ledger's checkpoints; null where the file has none of its lines. */
  readonly ledger: LedgerReport | null;
}

export interface SessionReport {
  readonly session: string;
  readonly records: number;
  readonly first: number;
  readonly last: number;
  /** Hash of the last record: to be compared with what the edge says now, since a missing end shows nowhere else. */
  readonly head: string;
  readonly problem: RecordProblem | null;
}

export interface RecordProblem {
  /** From 1. */
  readonly line: number;
  /** Null where the line can't be read as far as that. */
  readonly session: string | null;
  readonly seq: number | null;
  readonly what: string;
}

export interface Unchecked {
  /** Arguments of records that don't say what theirs were. */
  readonly args: number;
  /** Arguments that were erased, or too many to be kept. */
  readonly absent_args: number;
  /** Those among them of which no record of the log says that they were erased. */
  readonly unexplained_args: readonly { readonly session: string; readonly seq: number }[];
  /** Sessions whose log doesn't begin at the first record. */
  readonly without_beginning: number;
}

interface Chain {
  records: number;
  first: number;
  last: number;
  head: string;
  problem: RecordProblem | null;
  readonly hashes: Map<number, string>;
  readonly times: Map<number, string>;
  readonly erasures: Erasures;
}

interface Counts {
  args: number;
  absent_args: number;
  without_beginning: number;
}

interface Work {
  readonly chains: Map<string, Chain>;
  readonly unchecked: Counts;
  readonly ledger: LedgerReader;
}

type Fields = { readonly [name: string]: unknown };

/**
 * @param lines each one line of newline-delimited JSON: `{ "record": …, "args": … }`, or one of the ledger; empty lines
 * are passed over
 * @param trust keys that checkpoints must be signed by, and checkpoints that were kept from earlier
 */
export async function verifyRecords(
  lines: Iterable<string> | AsyncIterable<string>,
  trust: Partial<LedgerTrust> = {},
): Promise<RecordsReport> {
  const work: Work = {
    chains: new Map(),
    unchecked: { args: 0, absent_args: 0, without_beginning: 0 },
    ledger: createLedgerReader(),
  };
  const { chains } = work;
  let first: RecordProblem | null = null;
  let records = 0;
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === "") continue;
    const problem = await verifyLine(line, number, work);
    if (problem !== LEDGERS) records++;
    if (problem !== LEDGERS) first ??= problem;
  }
  const sessions = [...chains].map(([session, { records: count, first: from, last, head, problem }]) => ({
    session,
    records: count,
    first: from,
    last,
    head,
    problem,
  }));
  const ledger = await ledgerReport(work.ledger, chains, { keys: trust.keys ?? [], kept: trust.kept ?? [] });
  const ok = first === null && (ledger?.problems.length ?? 0) === 0;
  return { ok, records, sessions, problem: first, unchecked: uncheckedOf(work), ledger };
}

function uncheckedOf({ unchecked, chains }: Work): Unchecked {
  const unexplained_args = [...chains].flatMap(([session, { erasures }]) =>
    erasures.unexplained().map((seq) => ({ session, seq })),
  );
  return { ...unchecked, unexplained_args };
}

/** A line that is no record, but the ledger's. */
const LEDGERS = "ledger";

/** Whoever brings a key or an earlier checkpoint wants them to be used. */
async function ledgerReport(
  reader: LedgerReader,
  chains: ReadonlyMap<string, ChainHashes>,
  trust: LedgerTrust,
): Promise<LedgerReport | null> {
  const lines = reader.lines();
  if (lines !== null) return verifyLedger(lines, chains, trust);
  if (trust.keys.length + trust.kept.length === 0) return null;
  const what = "nothing in this file is anchored: it holds no checkpoint";
  const problems = [{ shard: null, session: null, seq: null, what }];
  return { checkpoints: [], problems, whole: false, unanchored: [], unheld: trust.kept.length };
}

async function verifyLine(
  line: string,
  number: number,
  { chains, unchecked, ledger }: Work,
): Promise<RecordProblem | typeof LEDGERS | null> {
  const read = readLine(line.trim(), ledger);
  if (read === LEDGERS) return LEDGERS;
  if (typeof read === "string") return { line: number, session: null, seq: null, what: read };
  const { record, args, canonical } = read;
  const { session, seq, prev, hash } = record;
  if (
    typeof session !== "string" ||
    typeof seq !== "number" ||
    typeof hash !== "string" ||
    !Number.isSafeInteger(seq)
  ) {
    return { line: number, session: null, seq: null, what: "lacks `session`, `seq` or `hash`" };
  }
  // A root session and all that was opened below it have one log.
  const log = session.split(".", 1)[0] ?? session;
  const chain = chains.get(log);
  const what =
    (await hashFault(record, hash)) ??
    linkFault(seq, prev, chain) ??
    (await argsFault(record, args, unchecked)) ??
    (canonical ? null : NOT_CANONICAL);
  if (chain === undefined && seq !== 1) unchecked.without_beginning++;
  const problem = what === null ? null : { line: number, session, seq, what };
  const erasures = chain?.erasures ?? createErasures();
  erasures.take(record, seq, args);
  chains.set(log, {
    records: (chain?.records ?? 0) + 1,
    first: chain?.first ?? seq,
    last: seq,
    head: hash,
    problem: chain?.problem ?? problem,
    hashes: firstOf(chain?.hashes, seq, hash),
    times: firstOf(chain?.times, seq, typeof record["at"] === "string" ? record["at"] : ""),
    erasures,
  });
  return problem;
}

/** What stands twice is a problem of its own: the first of them counts. */
function firstOf(all: Map<number, string> | undefined, seq: number, text: string): Map<number, string> {
  const texts = all ?? new Map<number, string>();
  if (!texts.has(seq)) texts.set(seq, text);
  return texts;
}

interface Line {
  readonly record: Fields;
  readonly args: unknown;
  readonly canonical: boolean;
}

function readLine(line: string, ledger: LedgerReader): Line | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "isn't JSON; the line was cut or changed";
  }
  const taken = typeof value === "object" && value !== null ? ledger.take(value) : null;
  if (taken !== null) return taken ? LEDGERS : "is a line of the ledger that can't be read";
  if (typeof value !== "object" || value === null || !("record" in value)) return "holds no `record`";
  const { record } = value;
  if (typeof record !== "object" || record === null || Array.isArray(record)) return "holds no `record`";
  return { record: record as Fields, args: "args" in value ? value.args : null, canonical: isCanonical(value, line) };
}

const NOT_CANONICAL = "isn't written as an edge writes it: something was put in beside what it says";

/** Another reader takes the other of two members with one name, and nothing vouches for members beside the record. */
function isCanonical(value: object, line: string): boolean {
  if (Object.keys(value).some((name) => name !== "record" && name !== "args")) return false;
  try {
    return canonicalJson(value) === line;
  } catch {
    // Half a surrogate pair: the hash is what names it.
    return true;
  }
}

async function hashFault(record: Fields, hash: string): Promise<string | null> {
  const { hash: _, ...rest } = record;
  let text: string;
  try {
    text = canonicalJson(rest);
  } catch {
    return "holds text that no edge writes";
  }
  return `sha256:${await sha256Hex(text)}` === hash ? null : "was changed: its hash isn't that of what it says";
}

/** The record holds the SHA-256 of the arguments that stand beside it, a secret's value replaced by its MAC. */
async function argsFault(record: Fields, args: unknown, unchecked: Counts): Promise<string | null> {
  if (args === null) {
    if (typeof record["args_mac"] === "string") unchecked.absent_args++;
    return null;
  }
  if (typeof record["args_mac"] !== "string") return "has arguments beside it that it doesn't know of";
  const text = typeof args === "string" ? args : canonicalJson(args);
  const expected = record["args_sha256"];
  if (typeof expected !== "string") {
    unchecked.args++;
    return null;
  }
  return (await sha256Hex(text)) === expected ? null : "has other arguments beside it than those it was written for";
}

function linkFault(seq: number, prev: unknown, before: Chain | undefined): string | null {
  if (seq < 1) return "has a number that no edge gives";
  if (before === undefined) {
    if (seq === 1 && prev !== null) return "is a first record that names one before it";
    return null;
  }
  if (seq !== before.last + 1) {
    return seq > before.last + 1
      ? `follows ${before.last}: ${missing(before.last + 1, seq - 1)} left out`
      : `follows ${before.last}: it stands twice or out of order`;
  }
  return prev === before.head ? null : "doesn't continue the record before it: one of the two was replaced";
}

function missing(from: number, to: number): string {
  return from === to ? `record ${from} was` : `records ${from} to ${to} were`;
}
