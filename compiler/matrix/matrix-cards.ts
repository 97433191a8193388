/**
 * The cards of the matrix page: what stands behind a cell. Agents for whom an action is decided by the same rules
 * share one card, so that the page grows with the rules of the policy rather than with its cells. On the screen a
 * card is opened by its cells; on paper all of them follow the table.
 */
import { placeText } from "../place-of.ts";
import { cellParts, type CellPart, counted, groupOf, partText, shownLimits } from "./cell-text.ts";
import { type Html, html } from "./html-text.ts";
import type { Cell, CellRule, Matrix, MatrixAction, MatrixRule } from "./matrix.ts";

/** One card, with the agents whose cells open it. */
export interface Card {
  readonly id: string;
  readonly cell: Cell;
  /** Indexes, in the order of the matrix. */
  readonly agents: readonly number[];
}

/** The cards of each action, in the order of the matrix. A cell that no rule touches has none. */
export function cardsOf(matrix: Matrix): readonly (readonly Card[])[] {
  return matrix.actions.map((_, action) => {
    const alike = new Map<string, { readonly cell: Cell; readonly agents: number[] }>();
    matrix.cells.forEach((row, agent) => {
      const cell = row[action];
      if (cell === undefined || cell.rules.length === 0) return;
      const key = JSON.stringify([cell.outcomes, cell.rules, shownLimits(matrix, cell)]);
      const found = alike.get(key);
      if (found === undefined) alike.set(key, { cell, agents: [agent] });
      else found.agents.push(agent);
    });
    return [...alike.values()].map((card, index) => ({ id: `c${action}-${index}`, ...card }));
  });
}

/** All cards, action by action, and on paper also whom no rule grants the action. */
export function cardSection(matrix: Matrix, cards: readonly (readonly Card[])[]): Html {
  const actions = matrix.actions.map((action, index) => {
    const own = cards[index] ?? [];
    const first = groupOf(matrix.actions[index - 1]?.name ?? "") !== groupOf(action.name);
    const heading = first ? html`<h3 class="paper">${groupOf(action.name)}</h3>` : html``;
    return html`${heading}${own.map((card) => cardHtml(matrix, action, card))}${without(matrix, action, own)}`;
  });
  return html`<section class="behind"><h2 class="paper">The rules behind every cell</h2>
${actions}</section>`;
}

/** The outcomes of a cell as pills. */
export function pill(part: CellPart): Html {
  if (part.tier === "none") return html`<span class="pill none">–</span>`;
  const via = part.via.map((names) => names.join(" + ")).join(", or ");
  const detail = via === "" ? html`` : html` <small>${via}</small>`;
  return html`<span class="pill ${part.tier}">${part.tier}${detail}</span>`;
}

/** One rule or limit with its text, its reason and where it stands. */
export function ruleItem(rule: MatrixRule | undefined, effect: string): Html {
  if (rule === undefined) return html``;
  const place = placeText(rule.place);
  return html`<li class="${rule.tier ?? "limit-rule"}"><code>${rule.text}</code>${reason(rule.doc)}<p class="where"><b>${effect}</b> · ${rule.block}${place === "" ? "" : ` · ${place}`}</p></li>`;
}

function cardHtml(matrix: Matrix, action: MatrixAction, { id, cell, agents }: Card): Html {
  const names = agents.map((agent) => matrix.agents[agent]?.name ?? "");
  const limits = shownLimits(matrix, cell);
  const parts = cellParts(cell.outcomes);
  const who = names.length === 1 ? `${names[0]}` : `${counted(names.length, "agent")} alike: ${names.join(", ")}`;
  return html`<section class="card" id="${id}" popover role="dialog" aria-label="${action.name}: ${parts.map(partText).join(" | ")}">
<button class="close" popovertarget="${id}" popovertargetaction="hide" aria-label="Close">✕</button>
<h4>${action.name}</h4><p class="who">${who}</p>${reason(action.doc)}<p class="outcomes">${parts.map(pill)}</p>
<ul class="rules">${cell.rules.map((rule) => ruleItem(matrix.rules[rule.id], effectText(rule)))}${limits.map((limit) => ruleItem(matrix.rules[limit], "limits"))}</ul>${common(matrix, cell)}</section>
`;
}

/** The limits that aren't repeated on each card. */
function common(matrix: Matrix, cell: Cell): Html {
  const count = cell.limits.filter((id) => matrix.limits_on_all.includes(id)).length;
  if (count === 0 || cell.outcomes.every(({ tier }) => tier === "never" || tier === "none")) return html``;
  return html`<p class="where">and ${counted(count, "limit")} on everything, below the table</p>`;
}

function without(matrix: Matrix, action: MatrixAction, cards: readonly Card[]): Html {
  const covered = new Set(cards.flatMap((card) => card.agents));
  const names = matrix.agents.filter((_, agent) => !covered.has(agent)).map((agent) => agent.name);
  if (names.length === 0) return html``;
  return html`<p class="paper without"><code>${action.name}</code>: no rule grants it to ${names.join(", ")}</p>
`;
}

function reason(doc: string | null): Html {
  return doc === null ? html`` : html`<p class="doc">${doc}</p>`;
}

function effectText(rule: CellRule): string {
  const verb = rule.effect === "grants" ? "grant" : "restrict";
  return `${rule.trial ? `would ${verb}` : `${verb}s`} ${rule.applies}`;
}
