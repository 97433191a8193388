/** Who can do an action, for a terminal: one line for each agent, and one below for each rule and limit. */
import { painter, printable, tierColour } from "../../terminal/paint.ts";
import { fateText } from "../diff/diff-text.ts";
import type { AbleAgent, WhoCan } from "./who-can.ts";

export interface WhoCanTextOptions {
  readonly colour: boolean;
  /** Columns of the terminal: longer lines are cut. */
  readonly width: number;
  /** Also the rules and limits. */
  readonly rules: boolean;
}

export function whoCanText(found: WhoCan, options: WhoCanTextOptions): string {
  const { paint, line } = penOf(options);
  const wide = Math.max(0, ...found.agents.map(({ agent }) => agent.length));
  const agents = found.agents.flatMap((one) => [
    line(one.agent.padEnd(wide), outcomeText(one), (text) => paint(tierColour(tierOf(one)), text)),
    ...(options.rules ? rulesText(one, line) : []),
  ]);
  const through = found.through.map(({ caller, agent }) => line(caller, `may call ${agent} for it`, (text) => text));
  const nobody = found.agents.length === 0 ? ["no agent can"] : [];
  const rest =
    found.others > 0 && found.agents.length > 0
      ? [paint("dim", `${found.others} other ${found.others === 1 ? "agent" : "agents"} can't`)]
      : [];
  return `${[...nobody, ...agents, ...through, ...rest].join("\n")}\n`;
}

type Line = (name: string, text: string, colour: (text: string) => string) => string;

function penOf({ colour, width }: WhoCanTextOptions): {
  readonly paint: ReturnType<typeof painter>;
  readonly line: Line;
} {
  const paint = painter(colour);
  return {
    paint,
    line: (name, text, coloured) => {
      const room = Math.max(20, width - name.length - 2);
      const clean = printable(text);
      const shown = clean.length > room ? `${clean.slice(0, room - 1)}…` : clean;
      return `${name === "" ? "" : paint("bold", printable(name))}  ${coloured(shown)}`;
    },
  };
}

function tierOf({ outcomes }: AbleAgent): "allow" | "notify" | "ask" | "none" {
  const tier = outcomes[0]?.tier;
  return tier === undefined || tier === "deny" ? "none" : tier;
}

function outcomeText({ outcomes, sometimes, inexact, only_as: roles, limits }: AbleAgent): string {
  const asked = outcomes.map(fateText).join(" or ");
  return [
    asked + (sometimes ? ", else denied" : ""),
    ...(roles.length > 0 ? [`only as ${roles.join(" or ")}`] : []),
    ...(limits.length > 0 ? [limits.length === 1 ? "1 limit" : `${limits.length} limits`] : []),
    ...(inexact === null ? [] : ["may be more"]),
  ].join("; ");
}

function rulesText({ rules, limits }: AbleAgent, line: Line): readonly string[] {
  const plain = (text: string): string => text;
  return [
    ...rules.map(({ text, block }) => line("", `  ${text} (${block})`, plain)),
    ...limits.map((text) => line("", `  ${text}`, plain)),
  ];
}
