/**
 * Holds a pulled log against the ledger's checkpoints, offline: what was rewritten, removed or put in since it was
 * anchored is named, and what isn't anchored yet is counted.
 */
import { sha256Hex } from "./canonical.ts";
import { type Checkpoint, fromBase64, isSignedBy, parseCheckpoint } from "./checkpoint.ts";
import type { AnchorLine, LeafLine, LedgerLines } from "./ledger-lines.ts";
import { growTree, leafHash, rootOfInclusion, sameBytes } from "./merkle-proof.ts";
import { overdueOf, type Unanchored, unanchoredOf } from "./unanchored.ts";

export interface LedgerReport {
  readonly checkpoints: readonly CheckpointReport[];
  /** All that doesn't fit, in the order in which it was found. */
  readonly problems: readonly LedgerProblem[];
  /** Whether the leaves of the whole ledger are there: else nobody can say what was taken out of the file. */
  readonly whole: boolean;
  /** Records behind the last that is anchored of their log: a new one is within a minute. */
  readonly unanchored: readonly Unanchored[];
  /** Checkpoints kept from earlier that this file can't be held against. */
  readonly unheld: number;
}

export interface CheckpointReport {
  readonly origin: string;
  readonly size: number;
  /** Null where no key was given to check it by. */
  readonly signed: boolean | null;
}

export interface LedgerProblem {
  readonly shard: number | null;
  readonly session: string | null;
  readonly seq: number | null;
  readonly what: string;
}

export interface LedgerTrust {
  /** Public Ed25519 keys, 32 bytes each; none: signatures aren't checked. */
  readonly keys: readonly Uint8Array[];
  /** Checkpoints that were kept from earlier, as the notes that they were. */
  readonly kept: readonly string[];
}

/** Hashes of a log's records as they stand in the file, by number; `first` and `last` of those that are there. */
export interface ChainHashes {
  readonly first: number;
  readonly last: number;
  readonly hashes: ReadonlyMap<number, string>;
  /** When each says that it was written: RFC 3339. */
  readonly times: ReadonlyMap<number, string>;
}

/** Shards of a ledger: a log belongs to one for good. */
const LEDGER_SHARDS = 8;

interface Verification {
  readonly lines: LedgerLines;
  readonly chains: ReadonlyMap<string, ChainHashes>;
  readonly trust: LedgerTrust;
  readonly problems: LedgerProblem[];
  /** The last anchored record of each log. */
  readonly anchored: Map<string, number>;
}

export async function verifyLedger(
  lines: LedgerLines,
  chains: ReadonlyMap<string, ChainHashes>,
  trust: LedgerTrust,
): Promise<LedgerReport> {
  const work: Verification = { lines, chains, trust, problems: [], anchored: new Map() };
  const checkpoints = await readCheckpoints(work);
  if (lines.whole) await verifyShards(work, checkpoints);
  else await verifyAnchors(work, checkpoints);
  const unanchored = unanchoredOf(chains, work.anchored);
  work.problems.push(...overdueOf(unanchored, chains, work.anchored));
  for (const { session, seq, what, at } of lines.disputes)
    work.problems.push({ shard: null, session, seq, what: disputeText(what, at) });
  return {
    checkpoints: [...checkpoints.values()].map(({ origin, size, signed }) => ({ origin, size, signed })),
    problems: work.problems,
    whole: lines.whole,
    unanchored,
    unheld: lines.whole ? 0 : holdByThemselves(work, checkpoints),
  };
}

type Held = Checkpoint & { readonly signed: boolean | null };

async function readCheckpoints({ lines, trust, problems }: Verification): Promise<ReadonlyMap<number, Held>> {
  const checkpoints = new Map<number, Held>();
  for (const { shard, note } of lines.checkpoints) {
    const read = parseCheckpoint(note);
    const problem = (what: string) => problems.push({ shard, session: null, seq: null, what });
    if (read === null || !read.origin.endsWith(`/ledger/${shard}`)) problem("its checkpoint can't be read");
    else if (checkpoints.has(shard)) problem("two checkpoints are in the file");
    else {
      const signed = trust.keys.length === 0 ? null : await isSignedBy(read, trust.keys);
      if (signed === false) problem("its checkpoint isn't signed by a key that was given");
      checkpoints.set(shard, { ...read, signed });
    }
  }
  return checkpoints;
}

async function verifyShards(work: Verification, checkpoints: ReadonlyMap<number, Held>): Promise<void> {
  for (let shard = 0; shard < LEDGER_SHARDS; shard += 1) {
    const checkpoint = checkpoints.get(shard);
    if (checkpoint !== undefined) await verifyShard(work, shard, checkpoint);
    else if (!work.lines.checkpoints.some((each) => each.shard === shard))
      work.problems.push({ shard, session: null, seq: null, what: "its checkpoint is missing" });
  }
  verifyNames(work, checkpoints);
  for (const [session, seq] of work.anchored) verifyEnd(work, session, seq);
}

/** The leaves must be those that were signed; then each must be of the record that stands in the file. */
async function verifyShard(work: Verification, shard: number, checkpoint: Held): Promise<void> {
  const { problems, trust } = work;
  const problem = (what: string) => problems.push({ shard, session: null, seq: null, what });
  const kept = keptOf(trust, checkpoint, problem);
  const tree = growTree();
  for (const run of work.lines.leaves.filter((each) => each.shard === shard)) {
    if ((await ledgerShardOf(run.session)) !== shard) problem(`\`${run.session}\` stands here, and belongs elsewhere`);
    for (const leaf of await verifyRun(work, run)) {
      await tree.add(leaf);
      await holdAgainst(kept, tree, problem);
    }
  }
  if (tree.size > checkpoint.size)
    problem(`${tree.size} leaves are in the file, and the checkpoint says ${checkpoint.size}: the rest was put in`);
  else if (tree.size < checkpoint.size)
    problem(`${tree.size} leaves are in the file, and the checkpoint says ${checkpoint.size}: the rest was removed`);
  else if (!sameBytes(await tree.root(), checkpoint.root))
    problem("the leaves aren't those that the checkpoint was signed for: one was changed, moved or put in");
}

/** Which earlier checkpoints of this shard the tree has to pass through. */
function keptOf(trust: LedgerTrust, now: Held, problem: (what: string) => void): readonly Checkpoint[] {
  const known = trust.kept.flatMap((note) => parseCheckpoint(note) ?? []).filter((each) => each.origin === now.origin);
  for (const { size } of known) if (size > now.size) problem(olderText(now, { size }));
  return known.filter(({ size }) => size <= now.size);
}

/** One that nothing here continues would seem to be held. */
function verifyNames({ trust, problems }: Verification, checkpoints: ReadonlyMap<number, Held>): void {
  const origins = new Set([...checkpoints.values()].map(({ origin }) => origin));
  const strange = trust.kept.map((note) => parseCheckpoint(note)?.origin ?? "").filter((name) => !origins.has(name));
  for (const name of new Set(strange)) {
    const what =
      name === ""
        ? "a checkpoint that was kept can't be read"
        : `no checkpoint here is of \`${name}\`, of which one was kept`;
    problems.push({ shard: null, session: null, seq: null, what });
  }
}

async function holdAgainst(
  kept: readonly Checkpoint[],
  tree: { readonly size: number; root(): Promise<Uint8Array> },
  problem: (what: string) => void,
): Promise<void> {
  const then = kept.filter(({ size }) => size === tree.size);
  if (then.length === 0) return;
  const root = await tree.root();
  if (then.every((each) => sameBytes(root, each.root))) return;
  problem(rewrittenText(tree));
}

type Sized = { readonly size: number };

function olderText(now: Sized, kept: Sized): string {
  return `its checkpoint of size ${now.size} is older than the one of ${kept.size} that was kept`;
}

function rewrittenText({ size }: Sized): string {
  return `its checkpoint isn't consistent with the one of size ${size} that was kept: the ledger was rewritten`;
}

/** @returns the leaf hashes */
async function verifyRun(
  work: Verification,
  { shard, session, seq, hashes }: LeafLine,
): Promise<readonly Uint8Array[]> {
  const bytes = fromBase64(hashes);
  if (bytes === null || bytes.length % 32 !== 0) {
    work.problems.push({ shard, session, seq, what: "its leaves can't be read" });
    return [];
  }
  const leaves = Array.from({ length: bytes.length / 32 }, (_, index) => bytes.slice(index * 32, index * 32 + 32));
  if (seq !== (work.anchored.get(session) ?? 0) + 1)
    work.problems.push({
      shard,
      session,
      seq,
      what: "the ledger lists it twice, or out of order: there are two writers",
    });
  work.anchored.set(session, seq + leaves.length - 1);
  for (const [index, leaf] of leaves.entries()) await verifyLeaf(work, session, seq + index, leaf);
  return leaves;
}

/** The first that differs says it for those behind it. */
async function verifyLeaf(work: Verification, session: string, seq: number, leaf: Uint8Array): Promise<void> {
  const hash = work.chains.get(session)?.hashes.get(seq);
  if (hash === undefined || sameBytes(await leafHash(bytesOf(hash)), leaf)) return;
  if (work.problems.some((known) => known.session === session && known.what === REWRITTEN)) return;
  work.problems.push({ shard: null, session, seq, what: REWRITTEN });
}

const REWRITTEN = "isn't the one that was anchored: the log was rewritten from there on, or has two writers";

/** A chain shows what is missing between its records; what is missing before and behind, only the ledger. */
function verifyEnd({ chains, problems }: Verification, session: string, anchored: number): void {
  const chain = chains.get(session);
  if (chain === undefined) {
    problems.push({
      shard: null,
      session,
      seq: 1,
      what: `was removed with all of the log: the ledger holds ${anchored}`,
    });
    return;
  }
  if (chain.first > 1) problems.push({ shard: null, session, seq: 1, what: removed(1, chain.first - 1, "beginning") });
  if (chain.last < anchored) {
    const what = `${removed(chain.last + 1, anchored, "end")}: the ledger holds ${anchored}`;
    problems.push({ shard: null, session, seq: chain.last + 1, what });
  }
}

function removed(from: number, to: number, where: string): string {
  return from === to ? `was removed at the ${where}` : `and all up to ${to} were removed at the ${where}`;
}

/** Whoever brings keys wants something to be vouched for by them. */
async function verifyAnchors(work: Verification, checkpoints: ReadonlyMap<number, Held>): Promise<void> {
  const { lines, chains, trust, problems } = work;
  for (const anchor of lines.anchors) await verifyAnchor(work, checkpoints, anchor);
  if (lines.anchors.length > 0 || chains.size === 0 || trust.keys.length === 0) return;
  problems.push({ shard: null, session: null, seq: null, what: "nothing in this file is anchored: it holds no proof" });
}

/**
 * Without the leaves two checkpoints can only be compared as they stand.
 * @returns how many of those kept that leaves open
 */
function holdByThemselves({ trust, problems }: Verification, checkpoints: ReadonlyMap<number, Held>): number {
  const held = [...checkpoints];
  let open = 0;
  for (const kept of trust.kept.map(parseCheckpoint)) {
    const [shard, now] = held.find(([, { origin }]) => origin === kept?.origin) ?? [null, null];
    const problem = (what: string) => problems.push({ shard, session: null, seq: null, what });
    if (kept === null || now === null || kept.size < now.size) open += 1;
    else if (kept.size > now.size) problem(olderText(now, kept));
    else if (!sameBytes(kept.root, now.root)) problem(rewrittenText(kept));
  }
  if (open > 0) problems.push({ shard: null, session: null, seq: null, what: UNHELD });
  return open;
}

const UNHELD =
  "whether the ledger continues what you kept can't be said by this file: that takes a pull without --session and --agent";

async function verifyAnchor(
  work: Verification,
  checkpoints: ReadonlyMap<number, Held>,
  { shard, session, seq, leaf, hashes }: AnchorLine,
): Promise<void> {
  const problem = (what: string) => work.problems.push({ shard: null, session, seq, what });
  const checkpoint = checkpoints.get(shard);
  if (checkpoint === undefined) return void problem("is vouched for by a checkpoint that isn't in the file");
  if ((await ledgerShardOf(session)) !== shard)
    return void problem(`is vouched for by shard ${shard}, and belongs elsewhere`);
  work.anchored.set(session, seq);
  const chain = work.chains.get(session);
  const hash = chain?.hashes.get(seq);
  if (chain === undefined || hash === undefined) return verifyEnd(work, session, seq);
  const path = hashes.map(fromBase64).filter((each) => each !== null);
  const root = await rootOfInclusion(await leafHash(bytesOf(hash)), leaf, checkpoint.size, path);
  if (root === null || !sameBytes(root, checkpoint.root)) problem(REWRITTEN);
  else verifyEnd(work, session, seq);
}

function disputeText(what: string, at: string): string {
  const how =
    what === "broken" ? "wasn't what its hash says" : what === "changed" ? "says something else" : "continues another";
  return `was offered to the ledger as one that ${how}, and refused (${at}): there are two writers`;
}

/** Of `sha256:` and 64 hex digits. */
function bytesOf(hash: string): Uint8Array {
  const digits = hash.slice("sha256:".length).match(/../g) ?? [];
  return Uint8Array.from(digits, (pair) => Number.parseInt(pair, 16));
}

/** Where the log of a root session lies, or `board`. */
export async function ledgerShardOf(session: string): Promise<number> {
  return Number.parseInt((await sha256Hex(session)).slice(0, 8), 16) % LEDGER_SHARDS;
}
