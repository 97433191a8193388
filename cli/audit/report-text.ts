/** What `audit verify` says of a log. */
import type { LedgerProblem, LedgerReport, RecordsReport, Unanchored } from "../../sdk/index.ts";
import { inert } from "../inert.ts";
import { colours } from "../terminal.ts";

export function reportText(report: RecordsReport): string {
  const paint = colours("stdout");
  const lines = report.sessions.map((one) => {
    const mark = one.problem === null ? paint.green("ok ") : paint.red("bad");
    return `${mark} ${inert(one.session)}  records ${one.first} to ${one.last}, with the head\n    ${inert(one.head)}`;
  });
  if (report.problem !== null) {
    const { line, session, seq, what } = report.problem;
    lines.push(paint.red("the first that doesn't fit:"));
    lines.push(session === null ? `    line ${line}` : `    line ${line}, record ${seq} of ${inert(session)}`);
    lines.push(`    it ${what}`);
  }
  const problems = report.ledger?.problems ?? [];
  if (problems.length > 0) lines.push(paint.red("what the ledger doesn't vouch for:"), ...problems.map(problemText));
  if (report.ledger?.checkpoints.some(({ signed }) => signed === false))
    lines.push("if the file is older than that key, give the one from before its rotation too: `--key OLD --key NEW`");
  const fits = report.ok ? "every one fits" : "not all fit";
  lines.push(`${recordsText(report.records)}, ${fits}`, ...ledgerText(report.ledger), ...uncheckedText(report));
  return lines.join("\n");
}

function recordsText(count: number): string {
  return `${count} record${plural(count)}`;
}

function plural(count: number): string {
  return count === 1 ? "" : "s";
}

function problemText({ shard, session, seq, what }: LedgerProblem): string {
  if (session !== null) return `    record ${seq} of ${inert(session)} ${what}`;
  return shard === null ? `    ${what}` : `    shard ${shard} of the ledger: ${what}`;
}

function ledgerText(ledger: LedgerReport | null): readonly string[] {
  if (ledger === null || ledger.checkpoints.length === 0) return [];
  const { checkpoints, unanchored } = ledger;
  const leaves = checkpoints.reduce((sum, { size }) => sum + size, 0);
  const signed = checkpoints.every((each) => each.signed === true) ? ", signed by a key that was given" : "";
  const lines = [`${checkpoints.length} checkpoint${plural(checkpoints.length)} of ${recordsText(leaves)}${signed}`];
  if (unanchored.length > 0) lines.push("not anchored yet, as new records are within a minute:");
  return [...lines, ...unanchored.map(unanchoredText)];
}

function unanchoredText({ session, from, to, written }: Unanchored): string {
  const what = from === to ? `record ${from} of` : `records ${from} to ${to} of`;
  const [first, last] = written.map((at) => (at === null ? "?" : inert(at)));
  return `    ${what} ${inert(session)}\n        written, as they say, ${first === last ? first : `${first} to ${last}`}`;
}

function uncheckedText({ unchecked, sessions, ledger }: RecordsReport): readonly string[] {
  const lines: string[] = [];
  if (unchecked.args > 0)
    lines.push(`not checked: arguments of ${recordsText(unchecked.args)}, which don't say what theirs were`);
  if (unchecked.absent_args > 0)
    lines.push(`not checked: arguments of ${recordsText(unchecked.absent_args)}, which were erased or taken out`);
  lines.push(...unexplainedText(unchecked.unexplained_args));
  if (unchecked.without_beginning > 0)
    lines.push(
      `not checked: what came before, in ${unchecked.without_beginning} session${plural(unchecked.without_beginning)}`,
    );
  if (ledger?.checkpoints.some(({ signed }) => signed === null))
    lines.push("not checked: who signed the checkpoints; give the edge's public key with `--key`");
  if (sessions.length > 0 && ledger?.whole !== true) lines.push(endText(ledger));
  return lines;
}

const SHOWN = 5;

function unexplainedText(all: RecordsReport["unchecked"]["unexplained_args"]): readonly string[] {
  if (all.length === 0) return [];
  const shown = all.slice(0, SHOWN).map(({ session, seq }) => `    record ${seq} of ${inert(session)}`);
  const more = all.length > SHOWN ? [`    and ${all.length - SHOWN} more`] : [];
  return ["no record says that these arguments were erased, as one does wherever the edge erases:", ...shown, ...more];
}

/** What can be taken out of a file without a trace in it. */
function endText(ledger: LedgerReport | null): string {
  if (ledger === null) return "not checked: whether the end is missing; compare the heads with the edge";
  return "not checked: whether the file itself lacks an end; that takes a pull without --session and --agent";
}
