import { createHash } from "node:crypto"
import { isUpgrade, pathOf, response } from "../../domain/websocket/Handshake.js"
import type { HttpHead } from "../../domain/websocket/HttpHead.js"

/** What the page's own scripts and styles are allowed by: their digests (Content Security Policy, section 6.7). */
const digests = (html: string, element: string): string =>
  Array.from(
    html.matchAll(new RegExp(`<${element}>([^]*?)</${element}>`, "g")),
    ([, content]) => `'sha256-${createHash("sha256").update(content!).digest("base64")}'`
  ).join(" ") || "'none'"

/** Answers who asks for the path itself with the page, where there is one. */
export const responder = (path: string, html: string | undefined): (head: HttpHead) => string | undefined => {
  if (html === undefined) return () => undefined
  const policy = [
    "default-src 'none'",
    `script-src ${digests(html, "script")}`,
    `style-src ${digests(html, "style")}`,
    "img-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ].join("; ")
  const fields = [
    ["Content-Security-Policy", policy],
    ["Referrer-Policy", "no-referrer"],
    ["Cache-Control", "no-cache"]
  ] as const
  return (head) => {
    const [method] = head.start
    if ((method !== "GET" && method !== "HEAD") || isUpgrade(head) || pathOf(head) !== path) return undefined
    return response("200 OK", "text/html; charset=utf-8", html, fields, method === "HEAD")
  }
}
