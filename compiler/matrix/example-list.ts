/** The requests of a card that have its outcomes. */
import { partText } from "./cell-text.ts";
import type { Cell, Example } from "./cell.ts";
import { type Html, html } from "./html-text.ts";
import type { Matrix } from "./matrix.ts";

/** Longer texts are cut on the page; the matrix as JSON has them whole. */
const MOST_CHARACTERS = 240;

/** One for each outcome, of the action that is named. */
export function exampleList(matrix: Matrix, { outcomes }: Cell, action: string): Html {
  const items = outcomes.flatMap(({ tier, via, example }) => {
    const found = matrix.examples[example];
    if (found === undefined) return [];
    return [
      html`<dt>${partText({ tier, via: [via] })}</dt><dd><code>${argsText(action, found)}</code>${session(found)}</dd>`,
    ];
  });
  return items.length === 0 ? html`` : html`<div class="examples"><h4>For example</h4><dl>${items}</dl></div>`;
}

/** `crm.read {"id":"7"}`, as `explain` takes it. */
function argsText(action: string, { args }: Example): string {
  return Object.keys(args).length === 0 ? action : cut(`${action} ${JSON.stringify(args)}`);
}

function session({ session: stated }: Example): Html {
  if (Object.keys(stated).length === 0) return html``;
  return html` in a session with <code>${cut(JSON.stringify(stated))}</code>`;
}

function cut(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}
