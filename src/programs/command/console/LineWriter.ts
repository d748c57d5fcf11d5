import type { Descriptor } from "./Descriptor.js"

/** Lines that wait to be written; as many may be on their way. */
const capacity = 200

/** The least time between two writes, in milliseconds: what with `capacity` bounds the lines of a second, and so their cost. */
const interval = 25

/** After a write that failed, such as to a full disk, the time until the next one. */
const pause = 1000

/** There is no reader any more, and will be none. */
const gone = new Set<string | undefined>(["EPIPE", "ECONNRESET", "ERR_STREAM_DESTROYED", "EBADF"])

const lineFeed = 0x0a

/**
 * Lines for a descriptor that may be slow, full or gone, which is nobody's trouble but its reader's: lines that do not fit
 * or cannot be written are dropped, and counted.
 */
export class LineWriter {
  private readonly descriptor: Descriptor
  private readonly dropped: (count: number) => string
  private lines: Array<string> = []
  private lost = 0
  private timer: NodeJS.Timeout | undefined = undefined
  private isWriting = false
  private isGone = false
  /** Whether the last thing written is half a line. */
  private isTorn = false
  private ended: (() => void) | undefined = undefined

  constructor(descriptor: Descriptor, dropped: (count: number) => string) {
    this.descriptor = descriptor
    this.dropped = dropped
  }

  /** Makes a line and takes it, if there is room. What is minor leaves a quarter of the room to what is not. */
  write(line: () => string, isMinor: boolean): void {
    if (this.isGone) return
    if (this.lines.length >= (isMinor ? capacity * 3 / 4 : capacity)) {
      this.lost++
      return
    }
    this.lines.push(line())
    this.schedule(interval)
  }

  /** Writes what is left, and calls back once it is written, or cannot be. */
  end(done: () => void): void {
    this.ended = done
    if (!this.isWriting) this.flush()
  }

  private schedule(delay: number): void {
    if (!this.isWriting) this.timer ??= setTimeout(this.flush, delay)
  }

  private readonly flush = (): void => {
    clearTimeout(this.timer)
    this.timer = undefined
    const { lines, lost } = this
    if (this.isGone || (lines.length === 0 && lost === 0)) return this.ended?.()
    if (lost > 0) lines.push(this.dropped(lost))
    this.lines = []
    this.lost = 0
    this.isWriting = true
    const start = this.isTorn ? "\n" : ""
    const bytes = Buffer.from(`${start}${lines.join("\n")}\n`)
    this.descriptor.write(bytes, (count, error) => {
      this.isWriting = false
      if (error === undefined) {
        this.isTorn = false
        if (this.ended !== undefined) this.flush()
        else if (this.lines.length > 0 || this.lost > 0) this.schedule(interval)
        return
      }
      if (gone.has(error.code)) {
        this.isGone = true
        this.lines = []
        return this.ended?.()
      }
      let end = start.length
      let unwritten = lines.length
      for (const line of lines) {
        end += Buffer.byteLength(line) + 1
        if (end > count) break
        unwritten--
      }
      if (count > 0) this.isTorn = bytes[count - 1] !== lineFeed
      // What was written in vain may have been the line that told how many others were lost.
      this.lost += lost > 0 ? lost + unwritten - 1 : unwritten
      if (this.ended === undefined) this.schedule(pause)
      else this.ended()
    })
  }
}
