/**
 * The cards of the matrix page: what stands behind a cell. Actions and agents that are decided by the same rules
 * share one card, so that the page grows with the rules of the policy rather than with its cells. On the screen a
 * card is opened by its cells; on paper all of them follow the table.
 */
import { placeText } from "../place-of.ts";
import { cellParts, type CellPart, counted, doubtText, partText, shownLimits } from "./cell-text.ts";
import { exampleList } from "./example-list.ts";
import { type Html, html } from "./html-text.ts";
import type { Cell, CellRule } from "./cell.ts";
import type { Matrix, MatrixAction, MatrixRule } from "./matrix.ts";
import { canBeAdmitted, outcomeKey } from "./outcome.ts";

/** One card: every one of its actions is decided by the same rules for every one of its agents. */
export interface Card {
  readonly id: string;
  readonly cell: Cell;
  /** Indexes, in the order of the matrix. */
  readonly agents: readonly number[];
  readonly actions: readonly number[];
}

/** The cards, in the order of the first action of each. A cell that no rule touches is on none. */
export function cardsOf(matrix: Matrix): readonly Card[] {
  const cards = new Map<string, { readonly cell: Cell; readonly agents: readonly number[]; actions: number[] }>();
  matrix.actions.forEach((_, action) => {
    for (const [content, { cell, agents }] of alike(matrix, action)) {
      const key = `${agents.join(",")} ${content}`;
      const found = cards.get(key);
      if (found === undefined) cards.set(key, { cell, agents, actions: [action] });
      else found.actions.push(action);
    }
  });
  return [...cards.values()].map((card, index) => ({ id: `c${index}`, ...card }));
}

/** The different cells of an action, each with the agents that have it. */
function alike(
  matrix: Matrix,
  action: number,
): ReadonlyMap<string, { readonly cell: Cell; readonly agents: readonly number[] }> {
  const found = new Map<string, { readonly cell: Cell; readonly agents: number[] }>();
  matrix.cells.forEach((row, agent) => {
    const cell = row[action];
    if (cell === undefined || cell.rules.length === 0) return;
    const content = contentOf(cell);
    const same = found.get(content);
    if (same === undefined) found.set(content, { cell, agents: [agent] });
    else same.agents.push(agent);
  });
  return found;
}

const contents = new WeakMap<Cell, string>();

/** All but the examples, which are of one action. */
function contentOf(cell: Cell): string {
  const known = contents.get(cell);
  if (known !== undefined) return known;
  const content = JSON.stringify([cell.outcomes.map(outcomeKey), cell.doubt, cell.rules, cell.limits]);
  contents.set(cell, content);
  return content;
}

/** All cards, and on paper also what no rule grants to whom. */
export function cardSection(matrix: Matrix, cards: readonly Card[]): Html {
  return html`<section class="behind"><h2 class="paper">The rules behind every cell</h2>
${cards.map((card) => cardHtml(matrix, card))}${without(matrix, cards)}</section>`;
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

function cardHtml(matrix: Matrix, { id, cell, agents, actions }: Card): Html {
  const limits = shownLimits(matrix, cell);
  const parts = cellParts(cell.outcomes);
  const named = actions.map((index) => matrix.actions[index]).filter((action) => action !== undefined);
  const what = namesOf(named, "action");
  const who = namesOf(
    agents.map((agent) => matrix.agents[agent] ?? { name: "" }),
    "agent",
  );
  return html`<section class="card" id="${id}" popover role="dialog" aria-label="${parts.map(partText).join(" | ")}: ${what}">
<button class="close" popovertarget="${id}" popovertargetaction="hide" aria-label="Close">✕</button>
<h3>${what}</h3><p class="who">${who}</p>${named.length === 1 ? docs(named) : html``}<p class="outcomes">${parts.map(pill)}</p>${doubtOf(cell)}
<ul class="rules">${cell.rules.map((rule) => ruleItem(matrix.rules[rule.id], effectText(rule)))}${limits.map((limit) => ruleItem(matrix.rules[limit], "limits"))}</ul>${common(matrix, cell)}${exampleList(matrix, cell, named[0]?.name ?? "")}${named.length === 1 ? html`` : docs(named)}</section>
`;
}

function doubtOf({ doubt }: Cell): Html {
  return doubt === null ? html`` : html`<p class="where">${doubtText(doubt)}</p>`;
}

/** `crm.read`, or `2 actions alike: crm.list, crm.read`. */
function namesOf(all: readonly { readonly name: string }[], word: string): string {
  const names = all.map((one) => one.name).join(", ");
  return all.length === 1 ? names : `${counted(all.length, word)} alike: ${names}`;
}

/** What the actions do, each with its name where there are several. Paper says it once, in {@link actionList}. */
function docs(actions: readonly MatrixAction[]): Html {
  const said = actions.flatMap(({ name, doc }) => (doc === null ? [] : [{ name, doc }]));
  if (said.length === 0) return html``;
  const several = actions.length > 1;
  return html`<div class="acts">${said.map(({ name, doc }) => (several ? html`<p class="doc"><code>${name}</code> ${doc}</p>` : reason(doc)))}</div>`;
}

/** What each action does, for paper, so that no card has to repeat it. */
export function actionList(matrix: Matrix): Html {
  const said = matrix.actions.flatMap(({ name, doc }) => (doc === null ? [] : [html`<dt>${name}</dt><dd>${doc}</dd>`]));
  return said.length === 0
    ? html``
    : html`<section class="paper"><h2>What the actions do</h2><dl>${said}</dl></section>`;
}

/** The limits that aren't repeated on each card. */
function common(matrix: Matrix, cell: Cell): Html {
  const count = cell.limits.filter((id) => matrix.limits_on_all.includes(id)).length;
  if (count === 0 || !canBeAdmitted(cell.outcomes)) return html``;
  return html`<p class="where">on top of it ${counted(count, "limit")}: see “On everything”</p>`;
}

function without(matrix: Matrix, cards: readonly Card[]): Html {
  const covered = new Set(cards.flatMap((card) => card.actions.flatMap((a) => card.agents.map((b) => `${a} ${b}`))));
  const byAgents = new Map<string, string[]>();
  matrix.actions.forEach((action, index) => {
    const agents = matrix.agents.filter((_, agent) => !covered.has(`${index} ${agent}`)).map((agent) => agent.name);
    if (agents.length > 0) byAgents.set(agents.join(", "), [...(byAgents.get(agents.join(", ")) ?? []), action.name]);
  });
  if (byAgents.size === 0) return html``;
  const lines = [...byAgents].map(([agents, actions]) => html`<dt>${actions.join(", ")}</dt><dd>${agents}</dd>`);
  return html`<section class="paper"><h2>What no rule grants, and to whom</h2><dl>${lines}</dl></section>`;
}

function reason(doc: string | null): Html {
  return doc === null ? html`` : html`<p class="doc">${doc}</p>`;
}

function effectText(rule: CellRule): string {
  const verb = rule.effect === "grants" ? "grant" : "restrict";
  return `${rule.trial ? `would ${verb}` : `${verb}s`} ${rule.applies}`;
}
