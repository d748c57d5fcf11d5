import { isUtf8 } from "node:buffer"

/**
 * How text is bytes: UTF-8 (RFC 3629), or Latin-1 (ISO 8859-1), in which each byte is a character and nothing is a
 * fault.
 *
 * @since 0.1.0
 * @category models
 */
export type Encoding = "utf8" | "latin1"

/** The text of the bytes from `start` to `end`, `undefined` if they are not UTF-8. */
export const decodeText = (bytes: Buffer, start: number, end: number, encoding: Encoding): string | undefined => {
  const text = bytes.toString(encoding, start, end)
  return encoding === "utf8" && text.includes("\uFFFD") && !isUtf8(bytes.subarray(start, end)) ? undefined : text
}

/** The text as the encoding can say it: a question mark stands for a character that Latin-1 has not. */
export const expressible = (text: string, encoding: Encoding): string =>
  encoding === "latin1" ? text.replaceAll(/[^\x00-\xff]/gu, "?") : text

/** Why the encoding cannot say the text; undefined if it can. */
export const inexpressible = (text: string, encoding: Encoding): string | undefined => {
  if (encoding === "latin1") {
    return expressible(text, encoding) === text
      ? undefined
      : "Latin-1 has not all its characters"
  }
  return /\p{Surrogate}/u.test(text) ? "it has half a character, a surrogate alone" : undefined
}

export const encodeText = (text: string, encoding: Encoding): Buffer =>
  Buffer.from(expressible(text, encoding), encoding)
