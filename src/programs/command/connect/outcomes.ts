import { inspect } from "node:util"
import * as escape from "../console/printable.js"
import type { Outcome } from "./talk.js"

/** A reply on one line. */
export const oneLine = (reply: unknown): string =>
  typeof reply === "string" ? reply.replaceAll("\n", "\\n") : inspect(reply, { breakLength: Infinity })

/** A reply on one line, for a terminal, which is to show and not to obey it. */
export const printable = (reply: unknown): string => oneLine(reply).split("\t").map(escape.printable).join("\t")

/** A reply that a module made need not be anything that JSON knows. */
const inJson = (reply: unknown): unknown => {
  try {
    return JSON.stringify(reply) === undefined ? null : reply
  } catch {
    return inspect(reply, { breakLength: Infinity })
  }
}

const object = (fields: { readonly reply: unknown } & Readonly<Record<string, unknown>>): string =>
  escape.printableJson(JSON.stringify({ ...fields, reply: inJson(fields.reply) }))

/** What became of a message, for programs. */
export const json = ({ error, milliseconds, reply, request }: Outcome): string =>
  object({
    request,
    reply,
    ok: error === undefined,
    milliseconds: Math.round(milliseconds * 1000) / 1000,
    error: error?.message ?? null
  })

/** What a server said of itself, for programs. */
export const unasked = (reply: unknown, more: Readonly<Record<string, unknown>> = {}): string =>
  object({ request: null, reply, ok: true, milliseconds: null, error: null, ...more })
