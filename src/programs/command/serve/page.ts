/** The page that `serve` shows to a browser: a prompt, in one file. */
import script from "script:./browser/prompt.js"
import { colors, escape } from "../report/Page.js"

interface About {
  /** What the server does with a message. */
  readonly lead: string
  readonly example: string
}

const about: Readonly<Record<string, About>> = {
  calc: { lead: "A calculator: send an expression as Python writes it, and its value comes back.", example: "22 + 44" },
  echo: { lead: "Whatever you send comes back.", example: "hello" },
  reverse: { lead: "Whatever you send comes back from its end.", example: "hello" },
  chars: { lead: "Random characters come by themselves; send s to hear how many so far.", example: "s" }
}

const other: About = {
  lead: "What you send is a message to the server, and what it says stands below it.",
  example: ""
}

const style = `${colors}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { display: flex; flex-direction: column; max-width: 45rem; height: 100vh; height: 100dvh; margin: 0 auto; padding: 1.5rem 1.25rem; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.2; }
p { margin: 0.25rem 0 0; color: var(--muted); }
#state { display: flex; align-items: baseline; gap: 0.5rem; margin: 0.25rem 0 0.75rem; }
#state::before { flex: none; width: 0.5rem; height: 0.5rem; border-radius: 50%; background: var(--muted); content: ""; }
#state.open::before { background: var(--green); }
#state.over::before { background: var(--red); }
#log { flex: 1; min-height: 0; margin: 0; padding: 0.75rem 1rem; overflow-y: auto; list-style: none; background: var(--panel); border: 1px solid var(--rule); border-radius: 0.5rem; font: 0.9375rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
.sent { color: var(--muted); }
.sent::before { content: "> " / ""; }
.fault { color: var(--red); }
form { display: flex; gap: 0.5rem; margin-top: 0.75rem; }
input { flex: 1; min-width: 0; }
input, button { padding: 0.5rem 0.75rem; border: 1px solid var(--rule); border-radius: 0.375rem; background: var(--panel); color: inherit; font: inherit; }
input::placeholder { color: var(--muted); opacity: 1; }
button { border-color: var(--blue); background: var(--blue); color: var(--panel); font-weight: 500; cursor: pointer; }
#again { flex: 1; }
:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
@media (max-width: 30rem) { main { padding: 1rem 0.75rem 0.75rem; } #log { padding: 0.5rem 0.75rem; } }
`

/** The whole document: it has all that it needs, and needs the server it came from. */
export const page = (protocol: string): string => {
  const name = escape(protocol)
  const { example, lead } = about[protocol] ?? other
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
<p>${escape(lead)}</p>
<p id="state" role="status">This page needs JavaScript.</p>
<ol id="log" role="list" aria-live="polite" tabindex="0" aria-label="What was said"></ol>
<form id="form">
<input id="message" aria-label="Message" placeholder="${
    escape(example)
  }" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="send" disabled>
<button id="send">Send</button>
<button type="button" id="again" hidden>Connect again</button>
</form>
</main>
<script>${script}</script>
</body>
</html>
`
}
