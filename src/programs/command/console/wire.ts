import { isUtf8 } from "node:buffer"
import { inspect } from "node:util"
import { printableJson } from "./printable.js"
import { repr } from "./pythonBytes.js"

/** Characters, or bytes, of a message that are shown. */
const most = 200

const cut = (shown: string, isWhole: boolean, bytes: number): string => isWhole ? shown : `${shown}... (${bytes} bytes)`

/**
 * A message as it is on the wire, on one line, with its escapes visible; bytes that are no text as Python writes them. A
 * long one is cut, and its length told.
 */
export const show = (message: unknown): string => {
  if (typeof message === "string") {
    return cut(
      printableJson(JSON.stringify(message.slice(0, most))),
      message.length <= most,
      Buffer.byteLength(message)
    )
  }
  if (message instanceof Uint8Array) {
    return isUtf8(message)
      ? show(Buffer.from(message.buffer, message.byteOffset, message.length).toString())
      : cut(repr(message.subarray(0, most)), message.length <= most, message.length)
  }
  if (typeof message === "object" && message !== null && "content" in message) return show(message.content)
  return inspect(message, { breakLength: Infinity, maxStringLength: most, maxArrayLength: 20 })
}
