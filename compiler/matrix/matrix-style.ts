/** The look of the matrix page. Every colour exists twice, and each pill has a glyph and a word besides its colour. */
export const MATRIX_STYLE = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f6f5f2, #14161a);
  --sheet: light-dark(#ffffff, #1b1e24);
  --sunk: light-dark(#f1efea, #20242b);
  --line: light-dark(#e3e0d8, #2d323b);
  --ink: light-dark(#1d1f24, #e9e7e2);
  --soft: light-dark(#62656d, #a2a6af);
  --focus: light-dark(#3457d5, #8ea6ff);
  --allow: light-dark(#17663a, #7fdca4);  --allow-bg: light-dark(#dff3e6, #163524);
  --notify: light-dark(#0b5c7d, #7fd0f0); --notify-bg: light-dark(#dcf0f9, #12313f);
  --ask: light-dark(#7a4b00, #f3c469);    --ask-bg: light-dark(#fdeecb, #3d2d0c);
  --never: light-dark(#9d1c2c, #ff9ba4);  --never-bg: light-dark(#fbe1e3, #43171d);
  --none: light-dark(#8a8d94, #777c86);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem clamp(1rem, 3vw, 3rem) 3rem; background: var(--page); color: var(--ink);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: end; gap: 1rem 3rem; margin-bottom: 1.5rem; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.15; letter-spacing: -0.02em; }
.kicker { margin: 0 0 .2rem; font-size: .75rem; letter-spacing: .12em; text-transform: uppercase; color: var(--soft); }
.size { margin: .35rem 0 0; color: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; margin: 0; padding: 0; list-style: none; font-size: .85rem; color: var(--soft); }
.legend li { display: flex; align-items: center; gap: .45rem; }
.frame { max-height: calc(100vh - 5rem); overflow: auto; width: fit-content; max-width: 100%; background: var(--sheet);
  border: 1px solid var(--line); border-radius: 14px; box-shadow: 0 1px 2px #0000000d, 0 12px 32px -16px #00000026; }
table { border-collapse: separate; border-spacing: 0; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; vertical-align: top; padding: .55rem .8rem; border-bottom: 1px solid var(--line); }
tbody:last-child tr:last-child > * { border-bottom: 0; }
thead th { position: sticky; top: 0; z-index: 2; min-width: 12rem; max-width: 18rem; padding: .9rem .8rem .8rem; background: var(--sheet);
  border-bottom: 2px solid var(--line); font-weight: 400; }
thead .corner { left: 0; z-index: 3; vertical-align: bottom; font-size: .75rem; letter-spacing: .1em; text-transform: uppercase; color: var(--soft); }
tbody th[scope="row"] { position: sticky; left: 0; z-index: 1; min-width: 14rem; background: var(--sheet); border-right: 1px solid var(--line); font-weight: 400; }
.group th { position: sticky; left: 0; padding: .45rem .8rem; background: var(--sunk); font: 600 .8rem var(--mono); color: var(--soft); }
.group th span { position: sticky; left: .8rem; }
tbody tr:not(.group):hover > * { background: var(--sunk); }
.agent { display: block; font: 600 1rem var(--mono); overflow-wrap: anywhere; }
.purpose { display: block; margin: .15rem 0 .45rem; font-size: .82rem; line-height: 1.35; color: var(--soft); }
.roles span, .classes span { display: inline-block; margin: 0 .3rem .15rem 0; padding: .05rem .45rem; border: 1px solid var(--line); border-radius: 99px; font-size: .72rem; color: var(--soft); }
.needs { display: block; font-size: .75rem; font-style: italic; color: var(--soft); }
.action { display: block; font: .9rem var(--mono); overflow-wrap: anywhere; }
.classes { display: block; margin-top: .2rem; }
td.empty .pill { opacity: .8; }
button { display: flex; flex-wrap: wrap; gap: .3rem; align-items: center; margin: -.2rem -.3rem; padding: .2rem .3rem; border: 0; border-radius: 9px; background: none; color: inherit; font: inherit; text-align: left; cursor: pointer; }
button:hover { background: color-mix(in srgb, var(--ink) 7%, transparent); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.pill { display: inline-flex; align-items: baseline; gap: .35em; padding: .12rem .6rem .14rem .5rem; border-radius: 99px; font-size: .84rem; font-weight: 600; white-space: nowrap; }
.pill i { font-style: normal; font-size: .8em; font-weight: 700; }
.pill small { font-weight: 400; font-size: .92em; }
.allow { --tone: var(--allow); --tint: var(--allow-bg); } .notify { --tone: var(--notify); --tint: var(--notify-bg); }
.ask { --tone: var(--ask); --tint: var(--ask-bg); } .never { --tone: var(--never); --tint: var(--never-bg); }
.pill:is(.allow, .notify, .ask, .never) { color: var(--tone); background: var(--tint); }
.pill.none { padding-inline: .5rem; color: var(--none); font-weight: 400; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.limit { padding: .05rem .4rem; border: 1px dashed var(--none); border-radius: 6px; font-size: .75rem; color: var(--soft); white-space: nowrap; }
.card { width: min(38rem, calc(100vw - 2rem)); max-height: 80vh; overflow: auto; padding: 1.2rem 1.4rem; border: 1px solid var(--line); border-radius: 14px; background: var(--sheet); color: var(--ink); box-shadow: 0 24px 64px -12px #00000059; }
.card::backdrop { background: #0000001f; }
.card h2 { margin: 0 0 .5rem; font: 600 1rem var(--mono); overflow-wrap: anywhere; } .card h2 span { color: var(--none); }
.rules { margin: 0; padding: 0; list-style: none; }
.rules li { margin-top: .6rem; padding: .5rem .8rem; border-left: 3px solid var(--tone, var(--none)); border-radius: 0 8px 8px 0; background: var(--sunk); }
.rules code { font: .85rem/1.5 var(--mono); overflow-wrap: anywhere; white-space: pre-wrap; }
.doc { margin: .25rem 0; font-size: .88rem; white-space: pre-line; } .where { margin: .2rem 0 0; font-size: .78rem; color: var(--soft); }
.outcomes { display: flex; flex-wrap: wrap; gap: .3rem; margin: 0; }
.everywhere { max-width: 46rem; margin-top: 1.5rem; } .everywhere h2 { margin: 0; font-size: .95rem; } .everywhere .rules li { background: var(--sheet); }
footer { max-width: 60rem; margin-top: 1.25rem; font-size: .8rem; color: var(--soft); } footer code { font-family: var(--mono); overflow-wrap: anywhere; }
@media (max-width: 40rem) { tbody th[scope="row"], thead th { min-width: 9rem; } }
@media print { body { padding: 0; } .frame { max-height: none; overflow: visible; border: 0; box-shadow: none; } thead th, tbody th[scope="row"] { position: static; } }
@media (forced-colors: active) { .pill { border: 1px solid; } }
`;
