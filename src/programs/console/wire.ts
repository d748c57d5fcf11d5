import { inspect } from "node:util"

/** Characters of a message that are shown. */
const most = 200

/** Controls, and marks that would reorder or hide what stands beside them. JSON escapes only some. */
const invisible = /[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

const escape = (text: string): string =>
  JSON.stringify(text).replace(invisible, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)

const bytesOf = (message: unknown): string | undefined => {
  if (typeof message === "string") return message
  if (message instanceof Uint8Array) return Buffer.from(message.buffer, message.byteOffset, message.length).toString()
  if (typeof message === "object" && message !== null && "content" in message) return bytesOf(message.content)
  return undefined
}

/** A message as it is on the wire, on one line, with its escapes visible; a long one is cut, and its length told. */
export const show = (message: unknown): string => {
  const text = bytesOf(message)
  if (text === undefined) return inspect(message, { breakLength: Infinity, maxStringLength: most, maxArrayLength: 20 })
  return text.length <= most ? escape(text) : `${escape(text.slice(0, most))}... (${Buffer.byteLength(text)} bytes)`
}
