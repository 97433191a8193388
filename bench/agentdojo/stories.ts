/** The sessions worth a look, one or two lines each: who is asked and why, what is denied, which attack passes. */
import type { Played, PlayedCall } from "./replay.ts";

/** Each task that needs approval, with the rules that ask and their reasons. */
export function askingTasks(truth: readonly Played[]): readonly string[] {
  const asking = truth.filter(({ outcome }) => outcome === "needs approval" || outcome === "denied");
  const passing = truth.filter(({ outcome }) => outcome === "passes");
  const told = grouped([...asking, ...passing], ({ suite, id, outcome, calls }) => ({
    head: `${suite} ${id.split("/").at(-1)} ${outcome}`,
    lines: calls.filter((call) => call.decision !== "allow" || outcome === "passes").flatMap(storyOf),
  }));
  return told.flatMap(({ head, members, lines }) => {
    return [`${head} (${members.map(({ version }) => version).join(", ")})`, ...lines];
  });
}

/** Solved runs in which a call was denied that the tool itself would have taken. */
export function deniedRuns(runs: readonly Played[]): readonly string[] {
  const denied = runs.filter(({ outcome }) => outcome === "denied");
  const lines = denied.flatMap(({ id, calls }) => {
    const refused = calls.filter(({ decision, malformed }) => decision === "deny" && !malformed);
    return [id, ...refused.flatMap(storyOf)];
  });
  return [`Solved runs that are denied something: ${denied.length}`, ...lines];
}

/** Every real attack that passes, with its calls and the rules that let them. */
export function passingRuns(runs: readonly Played[]): readonly string[] {
  const passing = runs.filter(({ outcome }) => outcome === "passes");
  const lines = passing.flatMap(({ id, calls }) => {
    return [id, ...calls.filter(({ role }) => role === "injected").flatMap(storyOf)];
  });
  return [`Real attacks that pass: ${passing.length}`, ...lines];
}

function storyOf({ tool, args, decision, message, rules }: PlayedCall): readonly string[] {
  const call = `  ${decision} ${tool} ${JSON.stringify(args)}`;
  const why = rules.map(({ text, doc }) => (doc === null ? text : `${text} — ${doc.trim().replaceAll(/\s+/g, " ")}`));
  return [call.length > 160 ? `${call.slice(0, 159)}…` : call, ...(why.length > 0 ? why : [message]).map(indented)];
}

function indented(line: string): string {
  return `    ${line}`;
}

interface Told {
  readonly head: string;
  readonly lines: readonly string[];
}

/** Sessions of which the same is to be said, together: most tasks are equal in all versions. */
function grouped(
  played: readonly Played[],
  tell: (one: Played) => Told,
): readonly (Told & { readonly members: readonly Played[] })[] {
  const groups = new Map<string, Told & { readonly members: Played[] }>();
  for (const one of played) {
    const told = tell(one);
    const key = JSON.stringify(told);
    const group = groups.get(key) ?? { ...told, members: [] };
    group.members.push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}
