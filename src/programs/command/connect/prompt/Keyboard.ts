import type { TransformCallback } from "node:stream"
import { Transform } from "node:stream"
import type { ReadStream } from "node:tty"

/** How a terminal answers the question where its cursor is (DSR and CPR, ECMA-48). */
const question = "\x1b[6n"
const answer = /\x1b\[\d+;(\d+)R/

/** A terminal's keys, without its answers to a program. */
export class Keyboard extends Transform {
  readonly isTTY = true
  private readonly input: ReadStream
  private asked: ((column: number) => void) | undefined = undefined

  constructor(input: ReadStream) {
    super()
    this.input = input
    input.pipe(this)
  }

  setRawMode(isRaw: boolean): this {
    this.input.setRawMode(isRaw)
    return this
  }

  /** Asks for the column of the cursor, from 1. A terminal that does not know the question gives no answer. */
  askColumn(output: NodeJS.WritableStream, told: (column: number) => void): void {
    this.asked = told
    output.write(question)
  }

  override _transform(bytes: Buffer, _: BufferEncoding, done: TransformCallback): void {
    const { asked } = this
    const found = asked === undefined ? null : answer.exec(bytes.toString("latin1"))
    if (found === null) return done(null, bytes)
    this.asked = undefined
    asked?.(Number(found[1]))
    done(null, Buffer.concat([bytes.subarray(0, found.index), bytes.subarray(found.index + found[0].length)]))
  }

  /** Lets go of the terminal. */
  close(): void {
    this.input.unpipe(this)
    this.input.pause()
  }
}
