/** `agentpolicy sets`: live sets at a running edge, what is in them, and changing that. */
import type { Command } from "commander";
import type { WireSet } from "../../sdk/index.ts";
import { orWhereToLook } from "../client-error.ts";
import { personAt, withEdgeOptions } from "../edge-access.ts";
import type { EdgeOptions } from "../edge-access.ts";
import { usage } from "../failure.ts";
import { inert } from "../inert.ts";
import { requireReason } from "../switch-target.ts";
import { colours, note, print, printJson } from "../terminal.ts";

interface Options extends EdgeOptions {
  readonly reason?: string;
  readonly history?: true;
  readonly json?: true;
}

const WHERE = "`agentpolicy sets` lists those that you may read";

export function sets(command: Command): void {
  withEdgeOptions(command)
    .description("Shows the live sets of an edge, or changes what is in one.")
    .argument("[verb-or-name]", "`add` or `remove`, or a set's name to show it; nothing lists the sets")
    .argument("[name]", "with `add` or `remove`: the set's name")
    .argument("[values...]", "with `add` or `remove`: texts, as they are compared")
    .option("--reason <text>", "why; it goes on record (required to change a set)")
    .option("--history", "with a set's name: also who changed it, when and why")
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      '\nExamples:\n  agentpolicy sets vendors --history\n  agentpolicy sets add vendors acme.example --reason "signed on 1 July"',
    )
    .action(run);
}

async function run(
  first: string | undefined,
  name: string | undefined,
  values: readonly string[],
  options: Options,
): Promise<void> {
  if (first === "add" || first === "remove") return change(first, name, values, options);
  if (name !== undefined)
    throw usage(`\`${first ?? ""}\` is nothing to do`, "it is `add` or `remove`, or a set's name alone");
  return first === undefined ? list(options) : show(first, options);
}

async function list(options: Options): Promise<void> {
  const person = await personAt(options, "editor");
  const found = await person.sets();
  if (options.json) return printJson({ sets: found });
  if (found.length === 0) return note("there is no live set that you may read");
  for (const set of found)
    print(`${set.name}  ${set.may_edit ? "yours to change" : `changed by ${set.editors.join(", ")}`}`);
}

async function show(name: string, options: Options): Promise<void> {
  const person = await personAt(options, "editor");
  const found = await orWhereToLook(person.set(name, { history: options.history === true }), WHERE);
  if (options.json) return printJson(found);
  printMembers(found);
  const paint = colours("stdout");
  for (const edit of found.edits ?? []) {
    const what = [...edit.added.map((text) => `+ ${inert(text)}`), ...edit.removed.map((text) => `- ${inert(text)}`)];
    print(`${paint.dim(edit.at)}  ${inert(edit.by)}: ${inert(edit.reason)}`);
    for (const text of what) print(`        ${text}`);
  }
}

async function change(
  verb: "add" | "remove",
  name: string | undefined,
  values: readonly string[],
  options: Options,
): Promise<void> {
  const example = `agentpolicy sets ${verb} NAME VALUE --reason "…"`;
  if (name === undefined || values.length === 0)
    throw usage(`what is there to ${verb}, and where?`, `write \`${example}\``);
  const reason = requireReason(options.reason, "a change of a live set");
  const person = await personAt(options, "editor");
  const changed = await orWhereToLook(person.editSet(name, { [verb]: values, reason }), WHERE);
  if (options.json) return printJson(changed);
  print(`${verb === "add" ? "added to" : "removed from"} ${changed.name}${person.as}`);
  const capitals = values.filter((text) => text !== text.toLowerCase());
  // Hosts and mail addresses come lower-cased; another spelling in the set would never meet one.
  if (verb === "add" && capitals.length > 0)
    note(`with capitals it never equals a host or a mail address: ${capitals.map(inert).join(", ")}`);
  note("sessions hear of it within the policy's `lease`");
}

function printMembers({ members }: WireSet): void {
  if (members.length === 0) return note("nothing is in it");
  for (const text of members) print(inert(text));
}
