import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Descriptor from "./Descriptor.js"

export interface Pace {
  /** Lines that wait to be written; as many may be on their way. */
  readonly capacity: number
  /** The least time between two writes, in milliseconds. With none, a line that need not wait is written at once. */
  readonly interval: number
}

/** So a log bounds the lines of a second, and what they cost. */
export const log: Pace = { capacity: 200, interval: 25 }

/** What a command says beside its output keeps its place among it. */
export const atOnce: Pace = { capacity: 2000, interval: 0 }

/** At the end, how long a slow reader has to take the last lines. */
const patience = Duration.millis(500)

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
  private readonly descriptor: Descriptor.Descriptor
  private readonly dropped: (count: number) => string
  private readonly pace: Pace
  private lines: Array<string> = []
  private lost = 0
  private timer: NodeJS.Timeout | undefined = undefined
  private isWriting = false
  private isGone = false
  /** Whether the last thing written is half a line. */
  private isTorn = false
  private ended: (() => void) | undefined = undefined

  constructor(descriptor: Descriptor.Descriptor, dropped: (count: number) => string, pace: Pace = log) {
    this.descriptor = descriptor
    this.dropped = dropped
    this.pace = pace
  }

  /** Makes a line and takes it, if there is room. What is minor leaves a quarter of the room to what is not. */
  write(line: () => string, isMinor: boolean): void {
    if (this.isGone) return
    const { capacity, interval } = this.pace
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
    if (this.isWriting || this.timer !== undefined) return
    if (delay === 0) this.flush()
    else this.timer = setTimeout(this.flush, delay)
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
        else if (this.lines.length > 0 || this.lost > 0) this.schedule(this.pace.interval)
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

/** Lines for standard output or standard error. When the scope closes, what is left has half a second to be taken. */
export const make = (
  stream: Parameters<typeof Descriptor.open>[0],
  dropped: (count: number) => string,
  pace: Pace
): Effect.Effect<LineWriter, never, Scope.Scope> =>
  Effect.gen(function*() {
    const descriptor = yield* Effect.acquireRelease(
      Effect.sync(() => Descriptor.open(stream)),
      (descriptor) => Effect.sync(() => descriptor.close())
    )
    const writer = new LineWriter(descriptor, dropped, pace)
    const end = Effect.async<void>((resume) => writer.end(() => resume(Effect.void)))
    yield* Effect.addFinalizer(() => Effect.timeoutOption(Effect.interruptible(end), patience))
    return writer
  })
