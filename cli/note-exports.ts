/** Where an edge is about to send its records: said before it does, since what went out can't be taken back. */
import type { ExportsFile, NamedSink } from "./exports-file.ts";
import { noteText } from "./terminal.ts";

/** @param exports null where no file was given */
export function noteExports(exports: ExportsFile | null): void {
  const sinks = exports?.sinks ?? [];
  if (sinks.length === 0) return noteText("records are exported nowhere; `--exports FILE` sends them on");
  noteText(`records are exported to ${sinks.map(sinkText).join(", ")}; \`agentpolicy exports\` says how that goes`);
}

/** For a deployment: a secret that isn't here may be one that the Worker has. */
export function noteLackingSecrets({ names, secrets }: ExportsFile): void {
  const lacking = names.filter((name) => !(name in secrets));
  if (lacking.length === 0) return;
  const [are, them] = lacking.length === 1 ? ["isn't", "it"] : ["aren't", "them"];
  noteText(
    `${lacking.join(", ")} ${are} set here: the Worker must have ${them} already, else set ${them} when you deploy`,
  );
}

function sinkText({ name, kind, host, bucket, arguments: withArguments }: NamedSink): string {
  const where = bucket === null ? host : `${bucket} at ${host}`;
  return `${name} (${kind}, ${where}${withArguments ? ", with arguments" : ""})`;
}
