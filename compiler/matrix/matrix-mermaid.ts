/**
 * The matrix as a Mermaid flowchart: agents and the actions that they can carry out, coloured by tier, with the
 * approvals that are asked for, who may call whom, and roles for a time. What is never granted has no edge.
 */
import { compareText } from "../sorted-set.ts";
import { printable } from "../terminal/printable.ts";
import { type CellPart, cellParts, groupOf } from "./cell-text.ts";
import type { Cell } from "./cell.ts";
import type { Matrix } from "./matrix.ts";
import type { Outcome, OutcomeTier } from "./outcome.ts";

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly arrow: "-->" | "-.->" | "==>";
  readonly label: string;
  /** Colours it; null leaves it as it is. */
  readonly tier: OutcomeTier | null;
}

const COLOURS: readonly (readonly [tier: OutcomeTier, stroke: string])[] = [
  ["allow", "#1a7f37"],
  ["notify", "#0969da"],
  ["ask", "#b35900"],
];

export function matrixMermaid(matrix: Matrix): string {
  const ids = new Map<string, string>();
  const idOf = (kind: string, name: string): string => {
    const key = `${kind} ${name}`;
    const id = ids.get(key) ?? `${kind}${ids.size}`;
    ids.set(key, id);
    return id;
  };
  const edges = [...grantEdges(matrix, idOf), ...reachEdges(matrix, idOf)];
  const names = [...ids].map(([key, id]) => ({
    kind: key.slice(0, key.indexOf(" ")),
    name: key.slice(key.indexOf(" ") + 1),
    id,
  }));
  const lines = [
    "flowchart LR",
    ...names.filter(({ kind }) => kind === "agent").map(({ name, id }) => `  ${id}(["${escape(name)}"]):::agent`),
    ...names.filter(({ kind }) => kind === "role").map(({ name, id }) => `  ${id}[/"role ${escape(name)}"/]:::role`),
    ...actionLines(names.filter(({ kind }) => kind === "action")),
    ...names.filter(({ kind }) => kind === "approval").map(({ name, id }) => `  ${id}{{"${escape(name)}"}}:::approval`),
    ...edges.map(
      ({ from, to, arrow, label }) => `  ${from} ${arrow}${label === "" ? "" : `|"${escape(label)}"|`} ${to}`,
    ),
    ...styleLines(edges),
  ];
  return `${lines.join("\n")}\n`;
}

type IdOf = (kind: string, name: string) => string;

function grantEdges(matrix: Matrix, idOf: IdOf): readonly Edge[] {
  return matrix.agents.flatMap((agent, row) => {
    const from = idOf("agent", agent.name);
    return matrix.actions.flatMap((action, column) =>
      cellEdges(matrix.cells[row]?.[column] ?? NOTHING, from, action.name, idOf),
    );
  });
}

type Edged = Pick<Cell, "outcomes" | "doubt">;

const NOTHING: Edged = { outcomes: [], doubt: null };

/** What may come of it as well has edges too: the graph leaves nothing out. */
function cellEdges({ outcomes, doubt }: Edged, from: string, action: string, idOf: IdOf): readonly Edge[] {
  const sometimes = outcomes.length > 1 || doubt !== null;
  return [
    ...outcomeEdges(outcomes, sometimes ? ", it depends" : "", { from, action, idOf }),
    ...outcomeEdges(doubt?.may_also ?? [], ", perhaps", { from, action, idOf }),
  ];
}

interface EdgePlace {
  readonly from: string;
  readonly action: string;
  readonly idOf: IdOf;
}

/** One edge a tier, and one from the action to each set of approvals. */
function outcomeEdges(outcomes: readonly Outcome[], doubt: string, { from, action, idOf }: EdgePlace): readonly Edge[] {
  const parts = cellParts(outcomes).filter(({ tier }) => tier !== "never" && tier !== "none");
  return parts.flatMap((part): readonly Edge[] => {
    const to = idOf("action", action);
    const arrow = doubt === "" ? "-->" : "-.->";
    return [{ from, to, arrow, label: part.tier + doubt, tier: part.tier }, ...approvalEdges(part, to, idOf)];
  });
}

function approvalEdges({ tier, via }: CellPart, from: string, idOf: IdOf): readonly Edge[] {
  if (tier !== "ask") return [];
  const names = [...new Set(via.flat())].toSorted(compareText);
  return names.map((name) => ({ from, to: idOf("approval", name), arrow: "-.->", label: "", tier: "ask" }));
}

function reachEdges({ agents }: Matrix, idOf: IdOf): readonly Edge[] {
  return agents.flatMap(({ name, may_call, may_become }): readonly Edge[] => {
    const from = idOf("agent", name);
    const calls = may_call.map(({ agent, for: select }): Edge => {
      return { from, to: idOf("agent", agent), arrow: "==>", label: `may call for ${select.join(", ")}`, tier: null };
    });
    const roles = may_become.flatMap(({ role, via, duration, gains }): readonly Edge[] => {
      const to = idOf("role", role);
      const gained = gains.flatMap((gain) => cellEdges(gain, to, gain.action, idOf));
      return [
        { from, to, arrow: "-.->", label: `may become for ${duration}`, tier: null },
        { from: to, to: idOf("approval", via), arrow: "-.->", label: "", tier: "ask" },
        ...gained,
      ];
    });
    return [...calls, ...roles];
  });
}

/** Actions of one group stand together. */
function actionLines(actions: readonly { readonly name: string; readonly id: string }[]): readonly string[] {
  const groups = [...new Set(actions.map(({ name }) => groupOf(name)))];
  return groups.flatMap((group, index) => [
    `  subgraph group${index} ["${escape(group)}"]`,
    ...actions.filter(({ name }) => groupOf(name) === group).map(({ name, id }) => `    ${id}["${escape(name)}"]`),
    "  end",
  ]);
}

function styleLines(edges: readonly Edge[]): readonly string[] {
  const strokes = COLOURS.flatMap(([tier, stroke]) => {
    const numbers = edges.flatMap((edge, index) => (edge.tier === tier ? [index] : []));
    return numbers.length === 0 ? [] : [`  linkStyle ${numbers.join(",")} stroke:${stroke},stroke-width:2px`];
  });
  return [
    ...strokes,
    "  classDef agent fill:#eef4ff,stroke:#335a9e,color:#10233f",
    "  classDef role fill:#f4efff,stroke:#6e40c9,color:#2b1a52",
    "  classDef approval fill:#fff4e5,stroke:#b35900,color:#4d2600",
  ];
}

/** Mermaid's own escapes: `#35;` is a character by its number ("Entity codes to escape characters"). */
function escape(text: string): string {
  return printable(text).replace(/[^\p{L}\p{N} ._,*-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}
