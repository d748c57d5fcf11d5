import { colors } from "../../report/Page.js"

/** Of the live page. A lane's height, and that of its highest bar, are in pixels. */
export const style = `${colors}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.45 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
header, main { max-width: 80rem; margin: 0 auto; padding: 0 1.5rem; }
header { display: flex; flex-wrap: wrap; align-items: end; justify-content: space-between; gap: 0.5rem 2rem; padding-top: 1.5rem; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.02em; }
h2 { margin: 0; font-size: 1.125rem; line-height: 1.3; }
p { margin: 0.25rem 0 0; }
.muted, header .facts, header .link, small { color: var(--muted); }
header .facts span:not(:empty)::before { content: "· "; }
#state { padding: 0.0625rem 0.5rem; border-radius: 1rem; background: var(--muted); color: var(--panel); font-weight: 600; font-size: 0.8125rem; }
#state.ready { background: var(--green); }
#state.draining, #state.starting { background: var(--orange); }
#state.stopped { background: var(--red); }
.link { display: flex; align-items: baseline; gap: 0.375rem; }
#link::before { display: inline-block; width: 0.5rem; height: 0.5rem; margin-right: 0.5rem; border-radius: 50%; background: var(--muted); content: ""; }
#link.live::before { background: var(--green); animation: beat 2s ease-in-out infinite; }
#link.away { color: var(--red); }
#link.away::before { background: var(--red); }
@keyframes beat { 50% { opacity: 0.35; } }
main { display: grid; gap: 1rem; padding-top: 1rem; padding-bottom: 3rem; }
section { min-width: 0; padding: 1rem 1.25rem; background: var(--panel); border: 1px solid var(--rule); border-radius: 0.5rem; transition: opacity 0.3s; }
.away section { opacity: 0.55; }
.heading { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0.25rem 1rem; }
.tiles { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 0.75rem 1rem; margin: 0; }
.tiles dt { color: var(--muted); font-size: 0.8125rem; }
.tiles dd { display: flex; flex-wrap: wrap; align-items: baseline; column-gap: 0.375rem; margin: 0; font-variant-numeric: tabular-nums; }
.tiles dd > span { font-size: 1.5rem; font-weight: 600; line-height: 1.25; letter-spacing: -0.01em; white-space: nowrap; }
.tiles small { font-size: 0.8125rem; white-space: nowrap; }
.warn { color: var(--red); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem; margin-top: 1rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
figure { min-width: 0; margin: 0; }
figcaption { display: flex; flex-wrap: wrap; gap: 0 0.375rem; min-height: 1.5rem; font-size: 0.8125rem; font-weight: 600; }
figcaption .value { margin-left: auto; color: var(--muted); font-weight: 400; font-variant-numeric: tabular-nums; }
.p50 { color: var(--green); }
.p99 { color: var(--orange); }
.chart { height: 160px; overflow: hidden; }
.legend { display: flex; flex-wrap: wrap; gap: 0.125rem 1.25rem; margin: 0.25rem 0 0.5rem; padding: 0; list-style: none; color: var(--muted); font-size: 0.8125rem; }
.legend li { display: flex; align-items: center; gap: 0.375rem; }
.swatch { position: relative; width: 1.5rem; height: 1rem; }
.swatch .bar { width: 100%; }
.swatch .served { height: 8px; }
.legend .mark { position: static; margin: 0; }
#lanes { display: grid; margin: 0; padding: 0; list-style: none; outline: none; }
#lanes:not(:empty) { min-height: 15rem; align-content: start; }
#lanes li { min-width: 0; height: 26px; }
.axis { display: grid; grid-template-columns: 11.5rem minmax(0, 1fr) 9.5rem; gap: 0.75rem; padding: 0 0.375rem; color: var(--muted); font-size: 0.75rem; }
.axis > span { display: flex; grid-column: 2; justify-content: space-between; }
#lanes:empty + .axis { display: none; }
#lanes button { display: grid; grid-template-columns: 11.5rem minmax(0, 1fr) 9.5rem; align-items: center; gap: 0.75rem; width: 100%; height: 100%; padding: 0 0.375rem; border: 0; border-radius: 0.25rem; background: none; color: inherit; font-size: 0.8125rem; text-align: left; cursor: pointer; }
#lanes button:hover { background: var(--ground); }
#lanes button[aria-pressed="true"] { background: var(--ground); box-shadow: inset 3px 0 var(--blue); }
.who, .words { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; font-variant-numeric: tabular-nums; }
.words { color: var(--muted); text-align: right; }
.track { position: relative; display: block; height: 100%; overflow: hidden; border-right: 1px solid var(--rule); }
.strip .mark { z-index: 1; }
.strip { position: absolute; inset: 0; display: block; will-change: transform; transition: transform 1s linear; }
.bar { position: absolute; top: 50%; display: block; min-width: 2px; height: 14px; transform: translateY(-50%); }
.bar.thinking { height: 2px; background: var(--muted); }
.bar.served { background: var(--blue); }
.bar.level1 { height: 5px; }
.bar.level2 { height: 8px; }
.bar.level3 { height: 11px; }
.bar.stalled { height: 14px; background: repeating-linear-gradient(90deg, var(--orange) 0 2px, transparent 2px 6px); }
.mark { position: absolute; top: 50%; width: 16px; height: 16px; margin: -8px 0 0 -8px; fill: none; stroke-width: 3; stroke-linecap: round; stroke-linejoin: round; overflow: visible; }
.mark.come { fill: var(--panel); stroke: var(--blue); stroke-width: 2; }
.mark.done { stroke: var(--green); margin-left: 4px; }
.mark.refused { stroke: var(--red); margin-left: 4px; }
.mark.closed { fill: var(--purple); stroke: var(--purple); margin-left: 4px; }
.legend .mark, .strip .mark.come { margin-left: 0; }
.strip .mark.come { margin-left: -2px; }
button, input, select { padding: 0.375rem 0.75rem; border: 1px solid var(--rule); border-radius: 0.375rem; background: var(--panel); color: inherit; font: inherit; }
button { border-color: var(--blue); background: var(--blue); color: var(--panel); font-weight: 500; cursor: pointer; }
button.plain, #conversation-close { border-color: var(--rule); background: var(--panel); color: var(--ink); }
button.danger { border-color: var(--red); background: var(--panel); color: var(--red); }
button:disabled { cursor: default; opacity: 0.5; }
:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
#lanes button:focus-visible { outline-offset: -2px; }
fieldset { min-width: 0; margin: 0.5rem 0 0; padding: 0; border: 0; }
fieldset[disabled] { display: none; }
#limits, .row { display: flex; flex-wrap: wrap; align-items: end; gap: 0.75rem; }
.row { justify-content: space-between; margin-top: 1rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
label { display: block; margin-bottom: 0.125rem; color: var(--muted); font-size: 0.8125rem; }
#limits input { width: 8.5rem; }
.buttons { display: inline-flex; flex-wrap: wrap; gap: 0.5rem; }
.fault { color: var(--red); }
#outcome:empty, .fault:empty { display: none; }
dl.facts { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; margin: 0.5rem 0; }
dl.facts dt { color: var(--muted); font-size: 0.8125rem; }
dl.facts dd { margin: 0; font-variant-numeric: tabular-nums; }
#said { height: 16rem; margin: 0.5rem 0 0; padding: 0.5rem 0.75rem; overflow-y: auto; background: var(--ground); border: 1px solid var(--rule); border-radius: 0.375rem; font: 0.8125rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
#said time { margin-right: 0.75rem; color: var(--muted); }
#said .received { color: var(--blue); }
#said .omitted, #said .ended { color: var(--muted); }
dialog { max-width: 26rem; padding: 1.25rem; border: 1px solid var(--rule); border-radius: 0.5rem; background: var(--panel); color: inherit; }
dialog::backdrop { background: rgb(0 0 0 / 0.45); }
dialog p { margin-bottom: 0.75rem; }
dialog input { width: 100%; }
dialog .buttons { margin-top: 1rem; }
@media (max-width: 55rem) { .tiles { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
@media (max-width: 40rem) {
  header, main { padding-left: 0.75rem; padding-right: 0.75rem; }
  section { padding: 0.75rem; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  #lanes button { grid-template-columns: minmax(0, 1fr) auto; grid-template-rows: auto 1fr; gap: 0 0.5rem; }
  #lanes li { height: 44px; }
  .axis { grid-template-columns: minmax(0, 1fr); }
  .axis > span { grid-column: 1; }
  .track { grid-row: 2; grid-column: 1 / -1; }
  #limits > div { flex: 1 1 40%; }
  #limits input { width: 100%; }
}
@media (prefers-reduced-motion: reduce) { *, ::before { animation: none !important; transition: none !important; } }
`
