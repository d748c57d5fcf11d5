/**
 * The frame of every page this project writes: one file that opens from disk, asks the network for nothing, follows the
 * reader's light or dark, and prints.
 */

export interface Page {
  readonly title: string
  /** One sentence under the title: what this page shows, and when and how it was made. HTML. */
  readonly lead: string
  /** The page's sections. HTML. */
  readonly body: string
  /** Style of the page's own, which may use the variables below. Default: none. */
  readonly style?: string | undefined
  /** A script of the page's own: what it adds must not be needed to read the page. Default: none. */
  readonly script?: string | undefined
}

/** Text as HTML or XML writes it, in content and in attributes. */
export const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** A neutral set, and five colours that stay apart from each other to colour-blind readers too, on light and on dark. */
export const light = {
  ground: "#fbfbfa",
  panel: "#ffffff",
  ink: "#1d2329",
  muted: "#5d6873",
  rule: "#dfe3e7",
  blue: "#0067a8",
  orange: "#b35c00",
  green: "#00785a",
  red: "#c2362b",
  purple: "#9c4f86"
}
export const dark: typeof light = {
  ground: "#14181c",
  panel: "#1b2126",
  ink: "#e8ebee",
  muted: "#9aa6b1",
  rule: "#323a42",
  blue: "#58b4e8",
  orange: "#f0a840",
  green: "#2fc496",
  red: "#ff7a6b",
  purple: "#d992c3"
}

/** The colours as variables: `var(--ink)`. */
const variables = (colors: typeof light): string =>
  Object.entries(colors).map(([name, value]) => `--${name}: ${value};`).join(" ")

/** The style that every page of the command has: its colours, by daylight and by night. */
export const colors = `
:root { color-scheme: light dark; ${variables(light)} }
@media (prefers-color-scheme: dark) { :root { ${variables(dark)} } }`

const style = `${colors}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; letter-spacing: -0.02em; }
h2 { margin: 0; font-size: 1.25rem; }
p { margin: 0.5rem 0; }
.lead { max-width: 45rem; color: var(--muted); font-size: 1.0625rem; }
section { margin-top: 1.5rem; padding: 1.25rem 1.5rem; background: var(--panel); border: 1px solid var(--rule); border-radius: 0.5rem; break-inside: avoid; }
code { font: 0.9em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.375rem 0.75rem; border-bottom: 1px solid var(--rule); text-align: right; }
th:first-child, td:first-child { padding-left: 0; text-align: left; }
thead th { color: var(--muted); font-weight: 500; }
tbody th { font-weight: 600; }
tbody tr:last-child > * { border-bottom: 0; }
svg { display: block; width: 100%; height: auto; }
.scroll { overflow-x: auto; }
footer { margin-top: 2rem; color: var(--muted); font-size: 0.875rem; }
button { padding: 0.375rem 1rem; border: 1px solid var(--rule); border-radius: 0.375rem; background: var(--panel); color: inherit; font: inherit; cursor: pointer; }
button:focus-visible, a:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
@media print { main { max-width: none; padding: 0; } button { display: none; } }
`

/** The whole document. Its policy forbids it to load anything at all. */
export const render = (page: Page): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escape(page.title)}</title>
<style>${style}${page.style ?? ""}</style>
</head>
<body>
<main>
<header>
<h1>${escape(page.title)}</h1>
<p class="lead">${page.lead}</p>
</header>
${page.body}
<footer>Made by <code>switchboard</code> (effect-switchboard). This page is one file and loads nothing.</footer>
</main>${page.script === undefined ? "" : `\n<script>${page.script}</script>`}
</body>
</html>
`
