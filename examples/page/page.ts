// The page itself: one document that has all in it, and a policy by which it loads nothing else.
import { createHash } from "node:crypto"
import type { RequestListener } from "node:http"

const style = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f7; --panel: #ffffff; --ink: #1d2329; --muted: #5d6873; --rule: #d6dbe0;
  --accent: #0067a8; --on-accent: #ffffff; --good: #00785a; --bad: #c2362b; --own: #e6f1f9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14181c; --panel: #1b2126; --ink: #e8ebee; --muted: #9aa6b1; --rule: #3a444d;
    --accent: #58b4e8; --on-accent: #10151a; --good: #2fc496; --bad: #ff7a6b; --own: #1f2f3b;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1.25rem; max-width: 64rem; margin: 0 auto; padding: 0 1.25rem 1.25rem; }
header { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1.25rem 1rem; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; }
header p { margin: 0.25rem 0 0; color: var(--muted); }
section { display: flex; flex-direction: column; min-width: 0; padding: 1rem 1.25rem 1.25rem; background: var(--panel); border: 1px solid var(--rule); border-radius: 0.75rem; }
h2 { margin: 0; font-size: 1.125rem; }
.state { display: flex; align-items: baseline; gap: 0.5rem; min-height: 1.5rem; margin: 0.125rem 0 0.75rem; color: var(--muted); font-size: 0.9375rem; }
.state::before { flex: none; width: 0.5rem; height: 0.5rem; border-radius: 50%; background: var(--muted); content: ""; transform: translateY(-0.0625rem); }
.state.good::before { background: var(--good); }
.state.waiting::before { background: var(--bad); }
ol { height: clamp(12rem, calc(100dvh - 19rem), 30rem); margin: 0 0 0.75rem; padding: 0.75rem; overflow-y: auto; list-style: none; overflow-wrap: anywhere; background: var(--ground); border: 1px solid var(--rule); border-radius: 0.5rem; }
ol:empty::before { color: var(--muted); content: attr(data-empty); }
#tape { font: 0.9375rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.sum + .sum { margin-top: 0.5rem; padding-top: 0.5rem; border-top: 1px solid var(--rule); }
.expression { display: block; color: var(--muted); white-space: pre-wrap; }
.value { display: block; text-align: right; white-space: pre-wrap; }
.value.good { font-weight: 600; }
.value.bad { color: var(--bad); }
.value.pending { color: var(--muted); }
#log li { padding: 0.125rem 0.5rem; border-radius: 0.375rem; white-space: pre-wrap; }
.own { background: var(--own); }
.who { font-weight: 600; }
.own .who { color: var(--accent); }
.news, .told { color: var(--muted); }
.news { font-style: italic; }
label { display: block; margin-bottom: 0.25rem; font-size: 0.875rem; font-weight: 500; }
.row { display: flex; gap: 0.5rem; }
input { flex: 1; min-width: 0; }
input, button { padding: 0.5rem 0.75rem; border: 1px solid var(--rule); border-radius: 0.5rem; background: var(--panel); color: inherit; font: inherit; }
input::placeholder { color: var(--muted); opacity: 1; }
button { font-weight: 500; cursor: pointer; }
button.main { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (max-width: 30rem) {
  header { padding: 1rem 0.75rem 0.75rem; }
  main { gap: 0.75rem; padding: 0 0.75rem 0.75rem; }
  section { padding: 0.75rem; }
  ol { height: clamp(9rem, calc(50dvh - 11rem), 20rem); }
}
`

const document = (script: string): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="A calculator and a chat room over WebSocket.">
<link rel="icon" href="data:,">
<title>Calculator and chat · switchboard</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Calculator and chat</h1>
<p>Two protocols at one port, each over a WebSocket.</p>
</header>
<main>
<section aria-labelledby="calculator-title">
<h2 id="calculator-title">Calculator</h2>
<p id="calculator-state" class="state" role="status">This page needs JavaScript.</p>
<ol id="tape" role="list" aria-live="polite" tabindex="0" aria-labelledby="calculator-title" data-empty="Results come here."></ol>
<form id="calculator-form">
<label for="expression">Expression</label>
<div class="row">
<input id="expression" placeholder="2 ** 100" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="go" maxlength="4000">
<button class="main">Calculate</button>
</div>
</form>
</section>
<section aria-labelledby="chat-title">
<h2 id="chat-title">Chat</h2>
<p id="chat-state" class="state" role="status">Give a name to come in.</p>
<ol id="log" role="list" aria-live="polite" tabindex="0" aria-labelledby="chat-title" data-empty="Nobody has said anything yet."></ol>
<form id="entrance">
<label for="name">Your name</label>
<div class="row">
<input id="name" autocomplete="nickname" autocapitalize="off" spellcheck="false" enterkeyhint="go" maxlength="20">
<button class="main">Come in</button>
</div>
</form>
<form id="chat-form" hidden>
<label for="line">Message</label>
<div class="row">
<input id="line" placeholder="Hello, or /help" autocomplete="off" enterkeyhint="send" maxlength="4000">
<button class="main">Say</button>
<button type="button" id="leave">Leave</button>
</div>
</form>
</section>
</main>
<script>${script}</script>
</body>
</html>
`

const digest = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

/** Answers requests for `/` with the page; the script is all that it runs, and the server that it is from all that it reaches. */
export const page = (script: string): RequestListener => {
  // The text of a script element ends at the first `</script`.
  const inline = script.replaceAll("</script", "<\\/script")
  const html = document(inline)
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": [
      "default-src 'none'",
      `script-src ${digest(inline)}`,
      `style-src ${digest(style)}`,
      "img-src data:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'"
    ].join("; "),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache"
  }
  return ({ method, url = "" }, response) => {
    const isFound = url.replace(/\?.*$/, "") === "/"
    if (!isFound) response.writeHead(404, { "Content-Type": "text/plain" }).end("There is nothing here.\n")
    else if (method === "GET" || method === "HEAD") response.writeHead(200, headers).end(html)
    else response.writeHead(405, { Allow: "GET, HEAD" }).end()
  }
}
