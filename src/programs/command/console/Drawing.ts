/** Pictures of text, one drawn over the other. */
import { createLogUpdate } from "log-update"
import stringWidth from "string-width"
import wrapAnsi from "wrap-ansi"
import { columnsOf } from "./terminal.js"

const eraseAndGoUp = "\x1b[2K\x1b[1A"

export class Drawing {
  private readonly stream: NodeJS.WriteStream
  private readonly update: ReturnType<typeof createLogUpdate>
  /** The lines that stand there. */
  private lines: ReadonlyArray<string> = []

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream
    this.update = createLogUpdate(sized(stream))
  }

  draw(picture: string): void {
    this.meetWidth()
    this.update(picture)
    this.lines = wrapAnsi(picture, this.columns, { trim: false, hard: true, wordWrap: false }).split("\n")
  }

  /** Takes the picture away. */
  clear(): void {
    this.meetWidth()
    this.update.clear()
    this.lines = []
  }

  /** Leaves the picture where it is, and gives the cursor back. */
  done(): void {
    this.update.done()
    this.lines = []
  }

  private get columns(): number {
    return columnsOf(this.stream)
  }

  /** A terminal that was made narrower has broken its lines anew, so that the picture stands in more rows than were written. */
  private meetWidth(): void {
    const more = this.lines.reduce((sum, line) => sum + Math.max(0, Math.ceil(stringWidth(line) / this.columns) - 1), 0)
    if (more === 0) return
    this.update.clear()
    this.stream.write(`${eraseAndGoUp.repeat(more)}\x1b[2K`)
    this.lines = []
  }
}

/** For those that do not know their size. */
const sized = (stream: NodeJS.WriteStream): NodeJS.WritableStream =>
  Object.create(stream, {
    columns: { get: () => columnsOf(stream) },
    rows: { get: () => stream.rows || 24 }
  }) as NodeJS.WriteStream
