/** The page that `serve` shows to a browser: a prompt, in one file. */
import script from "script:./browser/prompt.js"
import { colors, escape } from "../report/Page.js"

const hints: Readonly<Record<string, string>> = {
  calc: "An expression, such as 22 + 44",
  echo: "Anything: it comes back",
  reverse: "Anything: it comes back from its end",
  chars: "s for statistics"
}

const style = `${colors}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { display: flex; flex-direction: column; max-width: 45rem; height: 100vh; margin: 0 auto; padding: 2rem 1.5rem; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.2; }
#state { margin: 0.25rem 0 1rem; color: var(--muted); }
#log { flex: 1; margin: 0; padding: 1rem; overflow-y: auto; list-style: none; background: var(--panel); border: 1px solid var(--rule); border-radius: 0.5rem; font: 0.9375rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
.sent { color: var(--muted); }
.sent::before { content: "> "; }
form { display: flex; gap: 0.5rem; margin-top: 1rem; }
input { flex: 1; min-width: 0; }
input, button { padding: 0.5rem 0.75rem; border: 1px solid var(--rule); border-radius: 0.375rem; background: var(--panel); color: inherit; font: inherit; }
:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
[hidden] { display: none; }
`

/** The whole document: it has all that it needs, and needs the server it came from. */
export const page = (protocol: string): string => {
  const name = escape(protocol)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${name} · switchboard</title>
<style>${style}</style>
</head>
<body data-protocol="${name}">
<main>
<h1>${name}</h1>
<p id="state" role="status">This page needs JavaScript.</p>
<ol id="log" aria-live="polite" aria-label="What was said"></ol>
<form id="form">
<input id="message" aria-label="Message" placeholder="${
    escape(hints[protocol] ?? "A message")
  }" autocomplete="off" spellcheck="false" disabled>
<button>Send</button>
<button type="button" id="again" hidden>Connect again</button>
</form>
</main>
<script>${script}</script>
</body>
</html>
`
}
