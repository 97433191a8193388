/**
 * The matrix as one HTML page: no scripts, no requests, light and dark, readable without colour, with keyboard, on a
 * phone and on paper. The page itself scrolls, both ways, under the names of the agents and beside those of the
 * actions. A cell opens a card with the rules behind it.
 */
import { cellParts, counted, doubtText, groupOf, LEGEND, shownLimits } from "./cell-text.ts";
import { type Html, html } from "./html-text.ts";
import type { Cell } from "./cell.ts";
import type { Matrix, MatrixAction, MatrixAgent } from "./matrix.ts";
import { anyReachesFurther, becomingText, callText, type MatrixBecoming, reachesFurther } from "./reach.ts";
import { actionList, type Card, cardSection, cardsOf, pill, ruleItem } from "./matrix-cards.ts";
import { MATRIX_STYLE, sidewaysStyle } from "./matrix-style.ts";

/** So many agents stand beside one another on a sheet of paper; more are listed action by action only. */
const MOST_ON_PAPER = 6;

/** A complete document. Everything that comes from the policy is escaped, and the page forbids itself all loading. */
export function matrixHtml(matrix: Matrix): string {
  const cards = cardsOf(matrix);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, minimum-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${matrix.policy}: who may do what</title>
<style>${{ html: MATRIX_STYLE + sidewaysStyle(matrix.agents.length) }}</style>
</head>
<body${{ html: matrix.agents.length > MOST_ON_PAPER ? ` class="many"` : "" }}>
${header(matrix)}
<main>
${table(matrix, cards)}
${reach(matrix)}
${everywhere(matrix)}
${agentList(matrix)}
${actionList(matrix)}
${cardSection(matrix, cards)}
</main>
<footer>Each cell holds every outcome that a well-formed request can have. Kill switches, wrong arguments and
used-up limits come on top, and only ever make it stricter. Table <code>${matrix.hash}</code></footer>
</body>
</html>
`;
  return page.html;
}

function header(matrix: Matrix): Html {
  const legend = LEGEND.map(([tier, meaning]) => html`<li>${pill({ tier, via: [] })} <span>${meaning}</span></li>`);
  const agents = counted(matrix.agents.length, "agent");
  return html`<header>
<div><p class="kicker">Policy</p><h1>${matrix.policy}</h1><p class="size">${agents} · ${counted(matrix.actions.length, "action")}</p></div>
<div class="key"><ul class="legend" aria-label="Legend">${legend}
<li><span class="limit">1 limit</span> <span>counts what is granted</span></li></ul>
<p class="cue"><span class="open">Every cell with a frame</span> opens the rules, conditions, limits and reasons behind it.</p></div>
<p class="sideways">${agents}: scroll sideways for the others →</p>
</header>`;
}

function everywhere(matrix: Matrix): Html {
  if (matrix.limits_on_all.length === 0) return html``;
  const limits = matrix.limits_on_all.map((id) => ruleItem(matrix.rules[id], "counts every action that is granted"));
  return html`<section class="everywhere"><h2>On everything</h2><ul class="rules">${limits}</ul></section>`;
}

/** What agents can have beyond the table: other agents below their sessions, and roles for a time. */
function reach(matrix: Matrix): Html {
  if (!anyReachesFurther(matrix)) return html``;
  const items = matrix.agents.filter(reachesFurther).map(({ name, may_call, may_become }) => {
    const calls = may_call.map((one) => html`<dd>${callText(one)}</dd>`);
    return html`<dt>${name}</dt>${calls}${may_become.map((one) => becomingItem(matrix, one))}`;
  });
  return html`<section class="reach"><h2>Beyond their own roles</h2><dl>${items}</dl></section>`;
}

function becomingItem(matrix: Matrix, becoming: MatrixBecoming): Html {
  const gains = becoming.gains.map(
    ({ action, outcomes, doubt }) =>
      html`<li><code>${action}</code> ${cellParts(outcomes).map(pill)}${doubt === null ? html`` : html` <small>${doubtText(doubt)}</small>`}</li>`,
  );
  const rules = becoming.rules.map((id) => ruleItem(matrix.rules[id], `only as ${becoming.role}`));
  const changes = gains.length === 0 ? html`, which changes nothing` : html`<ul class="gains">${gains}</ul>`;
  return html`<dd>${becomingText(becoming)}${changes}<ul class="rules">${rules}</ul></dd>`;
}

/** The card that a cell opens, by agent, then by action. */
type Opened = readonly (Card | undefined)[][];

function table(matrix: Matrix, cards: readonly Card[]): Html {
  const opened: Opened = matrix.agents.map(() => []);
  for (const card of cards)
    for (const agent of card.agents) for (const action of card.actions) (opened[agent] ?? [])[action] = card;
  const groups = [...new Set(matrix.actions.map((action) => groupOf(action.name)))];
  const names = matrix.agents.map((agent) => html`<th scope="col">${broken(agent.name)}</th>`);
  return html`<table>
<caption>Outcomes by action and agent</caption>
<thead><tr><th scope="col" class="corner">Action</th>${names}</tr></thead>
<tbody class="about"><tr><td></td>${matrix.agents.map((agent) => html`<td>${about(agent)}</td>`)}</tr></tbody>
${groups.map((group) => groupBody(matrix, group, opened))}
</table>`;
}

function about(agent: MatrixAgent): Html {
  const needs = agent.requester_required ? html`<span class="needs">for a verified person only</span>` : html``;
  const roles = agent.roles.map((role) => html`<span>${role}</span>`);
  return html`<span class="purpose">${agent.purpose}</span><span class="owner">owner ${agent.owner}</span><span class="roles">${roles}</span>${needs}`;
}

/** Who the agents are, for a sheet of paper that hasn't room for all of them side by side. */
function agentList(matrix: Matrix): Html {
  if (matrix.agents.length <= MOST_ON_PAPER) return html``;
  const items = matrix.agents.map((agent) => html`<dt>${agent.name}</dt><dd>${about(agent)}</dd>`);
  return html`<section class="paper agents"><h2>Agents</h2><dl>${items}</dl></section>`;
}

function groupBody(matrix: Matrix, group: string, opened: Opened): Html {
  const rows = matrix.actions.flatMap((action, index) =>
    groupOf(action.name) === group ? [actionRow(matrix, action, index, opened)] : [],
  );
  return html`<tbody>
<tr class="group"><th scope="rowgroup" colspan="${matrix.agents.length + 1}"><span>${group}</span></th></tr>
${rows}</tbody>
`;
}

function actionRow(matrix: Matrix, action: MatrixAction, index: number, opened: Opened): Html {
  const classes = action.classes.map((name) => html`<span>${name}</span>`);
  const cells = matrix.agents.map((_, agent) => cellHtml(matrix, opened[agent]?.[index]));
  return html`<tr><th scope="row"><span class="action">${broken(action.name)}</span><span class="classes">${classes}</span></th>${cells}</tr>
`;
}

function cellHtml(matrix: Matrix, card: Card | undefined): Html {
  if (card === undefined) return html`<td class="empty">–</td>`;
  return html`<td><button popovertarget="${card.id}">${cellParts(card.cell.outcomes).map(pill)}${limitCount(matrix, card.cell)}${more(card.cell)}</button></td>`;
}

function limitCount(matrix: Matrix, cell: Cell): Html {
  const count = shownLimits(matrix, cell).length;
  return count === 0 ? html`` : html`<span class="limit">${counted(count, "limit")}</span>`;
}

function more({ doubt }: Cell): Html {
  return doubt === null ? html`` : html`<span class="limit">may be more</span>`;
}

/** A name that a narrow column breaks behind `.`, `_` and `-`, never within a word. */
function broken(name: string): Html {
  const pieces = name.split(/(?<=[._-])/);
  return html`${pieces.map((piece, index) => (index === 0 ? html`${piece}` : html`<wbr>${piece}`))}`;
}
