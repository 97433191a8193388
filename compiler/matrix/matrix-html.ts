/**
 * The matrix as one HTML page: no scripts, no requests, light and dark, readable without colour, with keyboard and
 * on paper. A cell opens a card with the rules behind it.
 */
import { placeText } from "../place-of.ts";
import { cellParts, type CellPart, groupOf, isEmpty, LEGEND, partText } from "./cell-text.ts";
import { type Html, html } from "./html-text.ts";
import type { Cell, CellRule, Matrix, MatrixAction, MatrixAgent, MatrixRule } from "./matrix.ts";
import { MATRIX_STYLE } from "./matrix-style.ts";
import type { OutcomeTier } from "./outcomes.ts";

/** A complete document. Everything that comes from the policy is escaped, and the page forbids itself all loading. */
export function matrixHtml(matrix: Matrix): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${matrix.policy}: who may do what</title>
<style>${{ html: MATRIX_STYLE }}</style>
</head>
<body>
${header(matrix)}
<main>
<div class="frame" role="region" aria-label="Agents and actions" tabindex="0">
${table(matrix)}
</div>
${everywhere(matrix)}
${cards(matrix)}
</main>
<footer>Each cell holds every outcome that a well-formed request can have. Kill switches, wrong arguments and
used-up limits come on top, and only ever make it stricter. Table <code>${matrix.hash}</code></footer>
</body>
</html>
`;
  return page.html;
}

const GLYPHS: { readonly [tier in OutcomeTier]: string } = { allow: "✓", notify: "➤", ask: "?", never: "✕", none: "–" };

function header(matrix: Matrix): Html {
  const legend = LEGEND.map(([tier, meaning]) => html`<li>${pill({ tier, via: [] })} <span>${meaning}</span></li>`);
  const agents = counted(matrix.agents.length, "agent");
  const actions = counted(matrix.actions.length, "action");
  return html`<header>
<div><p class="kicker">Policy</p><h1>${matrix.policy}</h1><p class="size">${agents} · ${actions}</p></div>
<ul class="legend" aria-label="Legend">${legend}
<li><span class="limit">1 limit</span> <span>that counts it, open the cell</span></li></ul>
</header>`;
}

function everywhere(matrix: Matrix): Html {
  if (matrix.limits_on_all.length === 0) return html``;
  const limits = matrix.limits_on_all.map((id) => ruleItem(matrix.rules[id], "counts every action that is granted"));
  return html`<section class="everywhere"><h2>On everything</h2><ul class="rules">${limits}</ul></section>`;
}

function table(matrix: Matrix): Html {
  const groups = [...new Set(matrix.actions.map((action) => groupOf(action.name)))];
  return html`<table>
<caption>Outcomes by action and agent</caption>
<thead><tr><th scope="col" class="corner">Action</th>${matrix.agents.map(agentHead)}</tr></thead>
${groups.map((group) => groupBody(matrix, group))}
</table>`;
}

function agentHead(agent: MatrixAgent): Html {
  const needs = agent.requester_required ? html`<span class="needs">for a verified person only</span>` : html``;
  return html`<th scope="col" title="${agent.purpose} (owner: ${agent.owner})"><span class="agent">${agent.name}</span>
<span class="purpose">${agent.purpose}</span><span class="roles">${agent.roles.map((role) => html`<span>${role}</span>`)}</span>${needs}</th>`;
}

function groupBody(matrix: Matrix, group: string): Html {
  const rows = matrix.actions.flatMap((action, index) =>
    groupOf(action.name) === group ? [actionRow(matrix, action, index)] : [],
  );
  return html`<tbody>
<tr class="group"><th scope="rowgroup" colspan="${matrix.agents.length + 1}"><span>${group}</span></th></tr>
${rows}</tbody>
`;
}

function actionRow(matrix: Matrix, action: MatrixAction, index: number): Html {
  const classes = action.classes.map((name) => html`<span>${name}</span>`);
  const cells = matrix.agents.map((_, agent) => {
    const cell = matrix.cells[agent]?.[index];
    return cell === undefined ? html`<td></td>` : cellHtml(matrix, cell, cardId(agent, index));
  });
  return html`<tr><th scope="row" title="${action.doc ?? action.name}"><span class="action">${action.name}</span>
<span class="classes">${classes}</span></th>${cells}</tr>
`;
}

function cellHtml(matrix: Matrix, cell: Cell, id: string): Html {
  const parts = cellParts(cell.outcomes);
  if (cell.rules.length === 0)
    return html`<td class="empty" title="no rule grants it">${pill({ tier: "none", via: [] })}</td>`;
  const own = isEmpty(cell) ? [] : cell.limits.filter((limit) => !matrix.limits_on_all.includes(limit));
  const limits = own.length === 0 ? html`` : html`<span class="limit">${counted(own.length, "limit")}</span>`;
  const several = parts.length > 1 ? " depends" : "";
  return html`<td class="${isEmpty(cell) ? "empty" : ""}${several}"><button popovertarget="${id}" title="${tooltip(matrix, cell)}">${parts.map(pill)}${limits}</button></td>`;
}

function pill(part: CellPart): Html {
  const via = part.via.map((names) => names.join(" + ")).join(", or ");
  const detail = via === "" ? html`` : html` <small>${via}</small>`;
  const word = part.tier === "none" ? html`<span class="hidden">no grant</span>` : html`${part.tier}`;
  return html`<span class="pill ${part.tier}"><i aria-hidden="true">${GLYPHS[part.tier]}</i>${word}${detail}</span>`;
}

function tooltip(matrix: Matrix, cell: Cell): string {
  const ids = [...cell.rules.map((rule) => rule.id), ...cell.limits];
  return ids.map((id) => matrix.rules[id]?.text ?? id).join("\n");
}

/** The cards that cells open, one for each cell with rules. */
function cards(matrix: Matrix): readonly Html[] {
  return matrix.agents.flatMap((agent, column) =>
    matrix.actions.flatMap((action, row) => {
      const cell = matrix.cells[column]?.[row];
      return cell === undefined || cell.rules.length === 0
        ? []
        : [card(matrix, agent, action, cell, cardId(column, row))];
    }),
  );
}

function card(matrix: Matrix, agent: MatrixAgent, action: MatrixAction, cell: Cell, id: string): Html {
  const doc = action.doc === null ? html`` : html`<p class="doc">${action.doc}</p>`;
  const rules = cell.rules.map((rule) => ruleItem(matrix.rules[rule.id], effectText(rule)));
  const limits = cell.limits.map((limit) => ruleItem(matrix.rules[limit], "limits"));
  const outcome = cellParts(cell.outcomes).map(partText).join(" | ");
  return html`<section class="card" id="${id}" popover aria-label="${agent.name}, ${action.name}: ${outcome}">
<h2>${agent.name} <span>→</span> ${action.name}</h2>${doc}
<p class="outcomes">${cellParts(cell.outcomes).map(pill)}</p>
<ul class="rules">${rules}${limits}</ul>
</section>
`;
}

function effectText(rule: CellRule): string {
  const trial = rule.trial ? "would " : "";
  const verb = rule.effect === "grants" ? "grant" : "restrict";
  return `${trial}${rule.trial ? verb : `${verb}s`} ${rule.applies}`;
}

function ruleItem(rule: MatrixRule | undefined, effect: string): Html {
  if (rule === undefined) return html``;
  const doc = rule.doc === null ? html`` : html`<p class="doc">${rule.doc}</p>`;
  const place = placeText(rule.place);
  return html`<li class="${rule.tier ?? "limit-rule"}"><code>${rule.text}</code>${doc}
<p class="where"><b>${effect}</b> · ${rule.block}${place === "" ? "" : ` · ${place}`}</p></li>`;
}

function cardId(agent: number, action: number): string {
  return `c${agent}-${action}`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
