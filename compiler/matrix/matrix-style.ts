/**
 * The look of the matrix page. Every colour exists twice, and each pill has a glyph and a word besides its colour.
 * Nothing but the page itself scrolls: a table that scrolled inside a frame would hide its last rows, and agents to
 * the right of the window, without a sign.
 */
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
  --none: light-dark(#6d7077, #8f949e);
  --edge: clamp(1rem, 3vw, 3rem);
  --across: calc(100vw - 2 * var(--edge) - 1rem);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; }
html { scroll-padding: 3.5rem 1rem 1rem 15rem; }
body { width: fit-content; min-width: 100%; margin: 0; padding: 2rem var(--edge) 3rem; background: var(--page); color: var(--ink);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
header, .everywhere, .reach, footer { position: sticky; left: var(--edge); width: var(--across); }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: end; gap: 1rem 3rem; margin-bottom: 1.25rem; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.15; letter-spacing: -0.02em; overflow-wrap: anywhere; }
.kicker { margin: 0 0 .2rem; font-size: .75rem; letter-spacing: .12em; text-transform: uppercase; color: var(--soft); }
.size { margin: .35rem 0 0; color: var(--soft); }
.key { max-width: 100%; font-size: .85rem; color: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; margin: 0; padding: 0; list-style: none; }
.legend li { display: flex; align-items: center; gap: .45rem; }
.cue { margin: .6rem 0 0; }
.sideways { display: none; width: 100%; margin: 0; font-size: .85rem; font-weight: 600; }
table { border-collapse: separate; border-spacing: 0; border: 1px solid var(--line); border-radius: 14px; background: var(--sheet);
  box-shadow: 0 1px 2px #0000000d, 0 12px 32px -16px #00000026; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; vertical-align: top; padding: .5rem .8rem; border-bottom: 1px solid var(--line); }
tbody:last-child tr:last-child > * { border-bottom: 0; }
thead th, .about td { min-width: 12rem; max-width: 20rem; }
thead th { position: sticky; top: 0; z-index: 2; padding-block: .8rem .4rem; background: var(--sheet); box-shadow: 0 1px 0 var(--line); border-bottom: 0; font: 600 1rem var(--mono); overflow-wrap: break-word; }
.about td { padding-top: .3rem; border-bottom: 2px solid var(--line); }
thead .corner, .about td:first-child, tbody th[scope="row"] { position: sticky; left: 0; z-index: 1; min-width: 14rem; max-width: 24rem; background: var(--sheet);
  border-right: 1px solid var(--line); font-weight: 400; }
thead .corner { z-index: 3; vertical-align: bottom; font: .75rem system-ui, sans-serif; letter-spacing: .1em; text-transform: uppercase; color: var(--soft); }
thead th:first-child { border-top-left-radius: 13px; } thead th:last-child { border-top-right-radius: 13px; }
tbody:last-child tr:last-child th { border-bottom-left-radius: 13px; }
.group th { padding: .45rem .8rem; background: var(--sunk); font: 600 .8rem var(--mono); color: var(--soft); }
.group th span { position: sticky; left: .8rem; }
tbody:not(.about) tr:not(.group):hover > * { background: var(--sunk); }
.purpose, .owner, .needs { display: block; font-size: .82rem; line-height: 1.35; color: var(--soft); }
.owner { margin: .2rem 0 .35rem; font-size: .75rem; } .needs { font-size: .75rem; font-style: italic; }
.roles span, .classes span { display: inline-block; margin: 0 .3rem .15rem 0; padding: .05rem .45rem; border: 1px solid var(--line); border-radius: 99px; font-size: .72rem; color: var(--soft); }
.action { display: block; max-width: 60vw; font: .9rem var(--mono); overflow-wrap: break-word; }
.classes { display: block; margin-top: .2rem; }
.empty { padding-left: 1.3rem; color: var(--none); }
td button { position: relative; display: flex; flex-wrap: wrap; gap: .3rem; align-items: center; width: 100%; max-width: 20rem; margin: 0; padding: .25rem 1.5rem .25rem .4rem; border: 1px solid var(--line); border-radius: 9px; background: none; color: inherit; font: inherit; text-align: left; cursor: pointer; }
td button::after { content: "›"; content: "›" / ""; position: absolute; right: .55rem; top: calc(50% - .75em); font-weight: 700; color: var(--none); }
.open { padding: .1rem .45rem; border: 1px solid var(--none); border-radius: 7px; }
td button:hover { border-color: var(--focus); background: color-mix(in srgb, var(--focus) 9%, transparent); }
td button:hover::after { color: var(--focus); }
button:focus { outline: 2px solid var(--focus); outline-offset: 1px; }
.pill { padding: .12rem .6rem .14rem .5rem; border-radius: .8rem; font-size: .84rem; font-weight: 600; }
.pill::before { margin-right: .4em; font-size: .8em; font-weight: 700; }
.pill small { font-weight: 400; font-size: .92em; }
.allow { --tone: var(--allow); --tint: var(--allow-bg); } .notify { --tone: var(--notify); --tint: var(--notify-bg); }
.ask { --tone: var(--ask); --tint: var(--ask-bg); } .never { --tone: var(--never); --tint: var(--never-bg); }
.pill:is(.allow, .notify, .ask, .never) { color: var(--tone); background: var(--tint); }
.pill.allow::before { content: "✓"; content: "✓" / ""; } .pill.notify::before { content: "➤"; content: "➤" / ""; }
.pill.ask::before { content: "?"; content: "?" / ""; } .pill.never::before { content: "✕"; content: "✕" / ""; }
.pill.none { padding-inline: .5rem; color: var(--none); font-weight: 400; }
.limit { padding: .05rem .4rem; border: 1px dashed var(--none); border-radius: 6px; font-size: .75rem; color: var(--soft); white-space: nowrap; }
.card { width: min(40rem, calc(100vw - 2rem)); max-height: 85vh; overflow: auto; padding: 1.2rem 1.4rem; border: 1px solid var(--line); border-radius: 14px; background: var(--sheet); color: var(--ink); box-shadow: 0 24px 64px -12px #00000059; }
.card::backdrop { background: #00000033; }
.close { position: sticky; top: 0; float: right; width: 2.2rem; height: 2.2rem; margin: -.4rem -.6rem .2rem .6rem; border: 1px solid var(--line); border-radius: 50%; background: var(--sheet); color: var(--ink); font: inherit; cursor: pointer; }
.close:hover { border-color: var(--focus); color: var(--focus); }
h3 { margin: 0; font: 600 1rem var(--mono); overflow-wrap: anywhere; }
.who { margin: .15rem 0 .5rem; font: .85rem var(--mono); color: var(--soft); overflow-wrap: break-word; }
.rules { margin: 0; padding: 0; list-style: none; }
.rules li { margin-top: .6rem; padding: .5rem .8rem; border-left: 3px solid var(--tone, var(--none)); border-radius: 0 8px 8px 0; background: var(--sunk); }
code { font: .85rem/1.5 var(--mono); overflow-wrap: anywhere; } .rules code { white-space: pre-wrap; }
.doc { margin: .25rem 0; font-size: .88rem; white-space: pre-line; } .where { margin: .3rem 0 0; font-size: .78rem; color: var(--soft); overflow-wrap: anywhere; }
.outcomes { display: flex; flex-wrap: wrap; gap: .3rem; margin: .5rem 0 0; }
.examples { margin-top: .8rem; } .examples h4 { margin: 0; font-size: .8rem; color: var(--soft); } .examples dl { margin: 0; font-size: .85rem; } .examples dt { margin-top: .4rem; font-weight: 600; } .examples dd { margin: 0; }
.everywhere, .reach { max-width: 46rem; margin-top: 1.5rem; } .everywhere h2, .reach h2 { margin: 0; font-size: .95rem; } .everywhere .rules li, .reach .rules li { background: var(--sheet); }
.reach dl { margin: .6rem 0 0; } .reach dt { font: 600 .9rem var(--mono); } .reach dd { margin: .2rem 0 .6rem; } .gains { margin: .3rem 0; padding: 0; list-style: none; } .gains li { margin-top: .25rem; }
footer { max-width: min(60rem, var(--across)); margin-top: 1.25rem; font-size: .8rem; color: var(--soft); }
.paper { display: none; }
@supports (animation-timeline: scroll()) {
  body::after { content: ""; position: fixed; z-index: 4; inset: 0 0 0 auto; width: 1.75rem; pointer-events: none; opacity: 0;
    background: linear-gradient(to left, light-dark(#00000038, #000000b3), transparent); animation: more linear; animation-timeline: scroll(root inline); }
  @keyframes more { 0%, 90% { opacity: 1; } 100% { opacity: 0; } }
}
@media (max-width: 40rem) {
  html { scroll-padding-left: 9.5rem; }
  body { padding-top: 1.25rem; } header { gap: .9rem; } .legend { gap: .3rem 1rem; }
  thead th, .about td { min-width: 10.5rem; max-width: 14rem; }
  thead .corner, .about td:first-child, tbody th[scope="row"] { min-width: 7rem; max-width: 9rem; padding-inline: .6rem; }
  th, td { padding-inline: .5rem; } .action, thead th { font-size: .8rem; }
  .card { padding: 1rem; }
}
@media (forced-colors: active) { .pill { border: 1px solid; } }
@page { margin: 14mm; }
@media print {
  :root { color-scheme: light; --across: 100%; }
  body { width: auto; padding: 0; font-size: 10pt; background: none; }
  body::after, .close, .cue, .acts, .sideways, td button::after { display: none !important; }
  header, .everywhere, .reach, footer, thead th, tbody th[scope="row"], .about td, .about td:first-child, thead .corner { position: static; }
  table { width: 100%; border-radius: 0; box-shadow: none; } tr, .rules li, dd { break-inside: avoid; } .group { break-after: avoid; }
  thead th, .about td, thead .corner, .about td:first-child, tbody th[scope="row"] { min-width: 0; font-size: 8.5pt; }
  th, td { padding: .3rem .4rem; } td button { padding: 0; border: 0; } .purpose, .owner, .needs, .roles span, .classes span { font-size: 7.5pt; }
  .many table { display: none; }
  .paper { display: block; }
  h2.paper, .paper h2 { margin: 1.2rem 0 .5rem; break-after: avoid; font-size: 13pt; }
  .card { display: block; position: static; break-inside: avoid; width: auto; max-height: none; margin: .5rem 0; padding: .5rem .7rem; overflow: visible; border-radius: 6px; box-shadow: none; }
  section.paper { margin-top: 1.2rem; } .agents dl { columns: 18rem; } dl { margin: 0; } dt { font: 600 .9rem var(--mono); break-after: avoid; } dd { margin: 0 0 .6rem; }
}
`;

/** The hint that there are more agents than the window shows, where even the narrowest columns don't fit. */
export function sidewaysStyle(agents: number): string {
  const [wide, narrow] = [17 + 12 * agents, 8 + 10.5 * agents];
  return `@media screen and (min-width: 40.01rem) and (max-width: ${wide}rem), screen and (max-width: ${Math.min(40, narrow)}rem) { .sideways { display: block; } }
`;
}
