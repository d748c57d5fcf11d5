import type { Writable } from "node:stream"

/** Lines that wait to be written. */
const capacity = 200

/** The least time between two writes, in milliseconds: what with `capacity` bounds the lines of a second, and so their cost. */
const interval = 25

/** Bytes that the stream may hold of us while its reader is slow. */
const mostUnsent = 65_536

/**
 * Lines for a stream that may be slow, full or gone, which is nobody's trouble but its reader's: lines that do not fit
 * are dropped, and counted.
 */
export class LineWriter {
  private readonly stream: Writable
  private readonly dropped: (count: number) => string
  private lines: Array<string> = []
  private lost = 0
  private timer: NodeJS.Timeout | undefined = undefined
  private isBroken = false

  constructor(stream: Writable, dropped: (count: number) => string) {
    this.stream = stream
    this.dropped = dropped
    stream.on("error", this.broken)
  }

  /** Makes a line and takes it, if there is room. What is minor leaves a quarter of the room to what is not. */
  write(line: () => string, isMinor: boolean): void {
    if (this.isBroken) return
    if (this.lines.length >= (isMinor ? capacity * 3 / 4 : capacity)) {
      this.lost++
      return
    }
    this.lines.push(line())
    this.timer ??= setTimeout(this.flush, interval)
  }

  /** Writes what is left, and calls back once the stream has taken it. */
  end(done: () => void): void {
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.isBroken) return done()
    this.stream.write(this.take(), done)
  }

  private readonly broken = (): void => {
    this.isBroken = true
    this.lines = []
  }

  private readonly flush = (): void => {
    this.timer = undefined
    if (this.isBroken) return
    if (this.stream.writableLength < mostUnsent) this.stream.write(this.take())
    else this.timer = setTimeout(this.flush, interval)
  }

  private take(): string {
    if (this.lost > 0) this.lines.push(this.dropped(this.lost))
    const text = this.lines.map((line) => `${line}\n`).join("")
    this.lines = []
    this.lost = 0
    return text
  }
}
