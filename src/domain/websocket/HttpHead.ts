import { Buffer } from "node:buffer"

/** The head of a request or a response of HTTP/1.1 (RFC 9112): its first line in three parts, and its fields. */
export interface HttpHead {
  readonly start: readonly [string, string, string]
  /** By their names in lower case, with all values that a name has. */
  readonly fields: ReadonlyMap<string, ReadonlyArray<string>>
}

/** The one value of a field; undefined if it has none, or several. */
export const valueOf = (head: HttpHead, name: string): string | undefined => {
  const values = head.fields.get(name)
  return values?.length === 1 ? values[0] : undefined
}

/** The members of a field that is a list, without empty ones. */
export const listOf = (head: HttpHead, name: string): ReadonlyArray<string> =>
  (head.fields.get(name) ?? []).flatMap((value) => value.split(",")).map((item) => item.trim()).filter((item) =>
    item !== ""
  )

/** Whether a list has the word, in whatever case. */
export const hasWord = (head: HttpHead, name: string, word: string): boolean =>
  listOf(head, name).some((item) => item.toLowerCase() === word)

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const field = new RegExp(`^(${token}):[ \\t]*([\\t\\x20-\\x7e\\x80-\\xff]*?)[ \\t]*$`)
const startLine = /^(\S+) (\S+) ?([\t\x20-\x7e\x80-\xff]*)$/

const end = Buffer.from("\r\n\r\n")
const nothing = Buffer.alloc(0)

/** The head, or undefined if it is none. */
const parse = (text: string): HttpHead | undefined => {
  const [first, ...lines] = text.split("\r\n")
  const [, one, two, three] = startLine.exec(first!) ?? []
  if (one === undefined) return undefined
  const fields = new Map<string, Array<string>>()
  for (const line of lines) {
    const [, name, value] = field.exec(line) ?? []
    if (name === undefined) return undefined
    const key = name.toLowerCase()
    const values = fields.get(key)
    if (values === undefined) fields.set(key, [value!])
    else values.push(value!)
  }
  return { start: [one, two!, three!], fields }
}

/** Reads a head, however its bytes are cut. */
export class HeadReader {
  private readonly most: number
  private bytes: Buffer = nothing
  /** Up to here there is no end. */
  private searched = 0

  /** `most` bytes it may have. */
  constructor(most: number) {
    this.most = most
  }

  /**
   * The head and the bytes behind it, as soon as it is whole; undefined before. A text is what is wrong with it: it is over
   * the limit, or no head. Of who speaks something else the first line shows it.
   */
  push(chunk: Uint8Array): { readonly head: HttpHead; readonly rest: Buffer } | "too long" | "invalid" | undefined {
    this.bytes = Buffer.concat([this.bytes, chunk])
    const at = this.bytes.indexOf(end, this.searched)
    if (at < 0 ? this.bytes.length > this.most : at + end.length > this.most) return "too long"
    this.searched = Math.max(0, this.bytes.length - end.length + 1)
    if (at < 0) return this.isHttp() ? undefined : "invalid"
    const head = parse(this.bytes.toString("latin1", 0, at))
    return head === undefined ? "invalid" : { head, rest: this.bytes.subarray(at + end.length) }
  }

  private isHttp(): boolean {
    const line = this.bytes.indexOf("\n")
    return line < 0 || (this.bytes[line - 1] === 0x0d && this.bytes.toString("latin1", 0, line).includes("HTTP/"))
  }
}

/** Writes a head. */
export const write = (start: string, fields: ReadonlyArray<readonly [string, string]>): string =>
  `${start}\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`
