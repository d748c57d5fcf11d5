import type { Framing } from "./Codec.js"
import { InvalidFrame } from "./Codec.js"
import { LineCodec } from "./Line.js"
import { MappedCodec } from "./MappedCodec.js"

/** What JSON knows as space, and a line may consist of. */
const blank = /^[\t\r ]*$/

class NdjsonCodec extends MappedCodec<string, string, unknown, unknown> {
  constructor(maxFrame: number) {
    super(new LineCodec(maxFrame))
  }

  protected read(line: string): unknown {
    // First, for to throw and to catch costs more: a peer may send nothing else.
    if (blank.test(line)) return undefined
    try {
      return JSON.parse(line)
    } catch {
      return this.fail(new InvalidFrame({ reason: "the line is not JSON" }))
    }
  }

  protected write(message: unknown): string {
    const line: string | undefined = JSON.stringify(message)
    if (line !== undefined) return line
    throw new TypeError(`${typeof message} cannot be sent as JSON`)
  }

  /** JSON has escapes for all that a line cannot hold. */
  override unsendable(): undefined {}
}

/**
 * Each message is a line of JSON (newline-delimited JSON, JSON Lines): LF or CRLF ends it, replies end with LF. Empty
 * lines are left out. A last line without its newline is a message when the peer finishes.
 *
 * Messages are whatever JSON is; `schema` makes them what yours are. `maxFrame` counts the line's bytes. A fault is
 * explained as `{"error":"…"}`. To send what JSON has no words for (`undefined`, a function, a bigint, a circle) is a
 * bug, and throws.
 *
 * @example
 * ```ts
 * import { Framing } from "effect-switchboard"
 *
 * const codec = Framing.ndjson.open(1024)
 * codec.push(Buffer.from(`{"a":[1,2]}\n\n"b"\n`))
 * assert.deepStrictEqual(codec.next(), { a: [1, 2] })
 * assert.strictEqual(codec.next(), "b")
 * assert.strictEqual(codec.encode({ c: null }), `{"c":null}\n`)
 * ```
 *
 * @since 0.1.0
 * @category framings
 */
export const ndjson: Framing<unknown> = {
  name: "ndjson",
  open: (maxFrame) => new NdjsonCodec(maxFrame),
  explain: (error) => [{ error: error.message }],
  encodesAlike: true
}
