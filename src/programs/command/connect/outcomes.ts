import { inspect } from "node:util"
import type { Outcome } from "./talk.js"

/** Controls, which a terminal would obey, and marks that reorder or hide what stands beside them. */
const controls = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

const escaped = (control: string): string => {
  const code = control.charCodeAt(0).toString(16)
  return code.length <= 2 ? `\\x${code.padStart(2, "0")}` : `\\u${code.padStart(4, "0")}`
}

/** A reply on one line. */
export const oneLine = (reply: unknown): string =>
  typeof reply === "string" ? reply.replaceAll("\n", "\\n") : inspect(reply, { breakLength: Infinity })

/** A reply on one line, for a terminal, which is to show and not to obey it. */
export const printable = (reply: unknown): string => oneLine(reply).replace(controls, escaped)

/** What became of a message, for programs. */
export const json = ({ error, milliseconds, reply, request }: Outcome): string =>
  JSON.stringify({
    request,
    reply: reply ?? null,
    ok: error === undefined,
    milliseconds: Math.round(milliseconds * 1000) / 1000,
    error: error?.message ?? null
  })

/** What a server said of itself, for programs. */
export const unasked = (reply: unknown, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ request: null, reply, ok: true, milliseconds: null, error: null, ...more })
