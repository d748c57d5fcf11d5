/** The page of the admin port: what the server does now, in one file. */
import { createHash } from "node:crypto"
import script from "script:../browser/live.js"
import packageJson from "../../../../../package.json" with { type: "json" }
import * as settings from "../../arguments/settings.js"
import { endShapes } from "../../report/endShapes.js"
import { escape } from "../../report/Page.js"
import { style } from "./style.js"

interface Tile {
  readonly id: string
  readonly name: string
}

const tiles: ReadonlyArray<Tile> = [
  { id: "active", name: "Clients" },
  { id: "requests", name: "Requests" },
  { id: "p50", name: "Latency p50" },
  { id: "p99", name: "Latency p99" },
  { id: "refused", name: "Refused" },
  { id: "waiting", name: "Queue" },
  { id: "lag", name: "Lag" },
  { id: "workers", name: "Workers" },
  { id: "traffic", name: "Traffic" },
  { id: "memory", name: "Memory" }
]

const tile = ({ id, name }: Tile): string =>
  `<div><dt>${name}</dt><dd><span id="${id}">–</span> <small id="${id}-beside"></small></dd></div>`

interface Chart {
  readonly id: string
  readonly title: string
  readonly description: string
}

const charts: ReadonlyArray<Chart> = [
  { id: "requests-chart", title: "Requests a second", description: "Requests a second over the last five minutes" },
  {
    id: "latency-chart",
    title: `Latency <span class="p50">p50</span> <span class="p99">p99</span>`,
    description: "The 50th and the 99th percentile of latency over the last five minutes"
  },
  { id: "clients-chart", title: "Clients", description: "Connected clients over the last five minutes" }
]

const chart = ({ description, id, title }: Chart): string =>
  `<figure>
<figcaption>${title} <span class="value" id="${id}-value"></span></figcaption>
<div class="chart" id="${id}" role="img" aria-label="${description}; the figures above say how it is now"></div>
</figure>`

const sample = (kind: string, drawing: string): string =>
  `<svg class="mark ${kind}" viewBox="-8 -8 16 16" aria-hidden="true">${drawing}</svg>`

/** How to read the lanes; the signs are those of the demo. */
const legend: ReadonlyArray<readonly [sample: string, word: string]> = [
  [sample("come", `<circle r="4.5"/>`), "comes"],
  [`<span class="swatch"><span class="bar served level4"></span></span>`, "asks, the higher the more"],
  [`<span class="swatch"><span class="bar thinking"></span></span>`, "thinks"],
  [`<span class="swatch"><span class="bar stalled"></span></span>`, "takes nothing"],
  [sample("done", `<path d="${endShapes.done}"/>`), "leaves"],
  [sample("closed", `<path d="${endShapes.closed}"/>`), "the server closes"],
  [sample("refused", `<path d="${endShapes.refused}"/>`), "refused, or cut"]
]

const limits = [
  settings.maxConnections,
  settings.idleTimeout,
  settings.requestTimeout,
  settings.writeTimeout,
  settings.drainTimeout
]

const limit = ({ description, name }: (typeof limits)[number]): string =>
  `<div><label for="limit-${name}">${name}</label><input id="limit-${name}" name="${name}" title="${
    escape(description)
  }" autocomplete="off" autocapitalize="off" spellcheck="false"></div>`

const levels = settings.logLevel.choices.map((level) => `<option>${level}</option>`).join("")

/** The whole document. */
export const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>switchboard</title>
<style>${style}</style>
</head>
<body data-version="${packageJson.version}">
<header>
<div>
<h1 id="protocol">switchboard</h1>
<p class="facts"><strong id="state" role="status">–</strong> <span id="uptime"></span> <span id="summary"></span></p>
</div>
<p class="link"><span id="link" role="status">This page needs JavaScript.</span> <span id="link-since"></span></p>
</header>
<main>
<section aria-labelledby="now-title">
<h2 id="now-title" class="unseen">Now</h2>
<dl class="tiles">
${tiles.map(tile).join("\n")}
</dl>
<div class="charts">
${charts.map(chart).join("\n")}
</div>
</section>
<section aria-labelledby="lanes-title">
<div class="heading"><h2 id="lanes-title">Clients</h2> <span class="muted" id="lanes-caption"></span></div>
<ul class="legend">
${legend.map(([sample, word]) => `<li>${sample} ${word}</li>`).join("\n")}
</ul>
<p id="lanes-empty" class="muted">Nobody is connected.</p>
<ul id="lanes" tabindex="-1" aria-label="Clients that are followed"></ul>
<div class="axis" aria-hidden="true"><span><span>a minute ago</span><span>30 s</span><span>now</span></span></div>
</section>
<section id="conversation" aria-labelledby="conversation-title" hidden>
<div class="heading"><h2 id="conversation-title"></h2>
<span class="buttons"><button type="button" id="disconnect" class="danger">Close the connection</button>
<button type="button" id="conversation-close">Done</button></span></div>
<dl id="facts" class="facts"></dl>
<p id="said-note" role="status" class="muted"></p>
<div id="said" role="log" tabindex="0" aria-label="What is said" hidden></div>
</section>
<section aria-labelledby="changes-title">
<h2 id="changes-title">Change</h2>
<p id="changes-none" class="muted" hidden>Nothing can be changed here: start with <code>--admin-token-file FILE</code>.</p>
<fieldset id="changes" aria-labelledby="changes-title">
<form id="limits">
${limits.map(limit).join("\n")}
<div class="buttons"><button>Apply</button> <button type="reset" class="plain">Undo</button></div>
</form>
<div class="row">
<div><label for="log-level">log-level</label><select id="log-level">${levels}</select></div>
<div class="buttons"><button type="button" id="reload" class="plain">Reload</button>
<button type="button" id="drain" class="danger">Drain</button></div>
</div>
</fieldset>
<p id="outcome" role="status"></p>
</section>
</main>
<dialog id="token-dialog" aria-labelledby="token-title">
<form method="dialog">
<h2 id="token-title">The token</h2>
<p>It is in the file of <code>--admin-token-file</code>. This tab keeps it until it is closed.</p>
<p id="token-fault" class="fault" role="alert"></p>
<label for="token">Token</label>
<input id="token" type="password" autocomplete="off" required>
<div class="buttons"><button value="ok">Go on</button> <button type="button" id="token-cancel" class="plain">Cancel</button></div>
</form>
</dialog>
<dialog id="drain-dialog" aria-labelledby="drain-title">
<form method="dialog">
<h2 id="drain-title">Drain the server?</h2>
<p>It takes nobody more, answers what it has received, and ends. Nothing here starts it again.</p>
<div class="buttons"><button value="ok" class="danger">Drain</button> <button type="button" id="drain-cancel" class="plain">Cancel</button></div>
</form>
</dialog>
<script>${script}</script>
</body>
</html>
`

const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

/** Its own script and style, its own server, and nothing else. */
export const policy = [
  "default-src 'none'",
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'"
].join("; ")
