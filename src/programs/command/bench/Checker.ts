import type { Tape } from "./Tape.js"
import type { Framing } from "./Workload.js"

const LF = 0x0a

/** A reply that is not ended by then will not be: what has come of it is a wrong one. */
const longestReply = 1_048_576

/** A reply that differs from the right one; `expected` is undefined if none was due. */
export interface WrongReply {
  readonly expected: string | undefined
  readonly actual: string
}

/** Compares what one connection brings with what it should bring. */
export class Checker {
  private readonly replies: Tape
  private readonly framing: Framing
  private readonly onWrong: (wrong: WrongReply) => void
  /** The next reply on the tape, and how much of it has come. */
  private index = 0
  private matched = 0
  /** The beginning of a reply that is not as it should be. */
  private astray: Uint8Array | undefined = undefined

  constructor(replies: Tape, framing: Framing, onWrong: (wrong: WrongReply) => void) {
    this.replies = replies
    this.framing = framing
    this.onWrong = onWrong
  }

  /** Takes a chunk; `due` replies are waited for. Gives how many of them have come to their end in it, right or wrong. */
  take(chunk: Uint8Array, due: number): number {
    const { replies } = this
    const from = replies.offset(this.index) + this.matched
    const to = from + chunk.length
    if (this.astray !== undefined || to > replies.offset(this.index + due) || !replies.holds(chunk, from)) {
      return this.inspect(chunk, due)
    }
    let index = this.index
    while (index < this.index + due && replies.offset(index + 1) <= to) index++
    const answered = index - this.index
    this.matched = to - replies.offset(index)
    this.index = index % replies.period
    return answered
  }

  /** Reply by reply, once a chunk is not what it should be. */
  private inspect(chunk: Uint8Array, due: number): number {
    const from = this.replies.offset(this.index)
    const bytes = Buffer.concat([this.astray ?? this.replies.between(from, from + this.matched), chunk])
    this.astray = undefined
    this.matched = 0
    if (this.framing === "chunk") return this.compare(bytes, due)
    let answered = 0
    let at = 0
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, at)) {
      answered += this.compare(bytes.subarray(at, end + 1), due - answered)
      at = end + 1
    }
    if (bytes.length - at > longestReply) answered += this.compare(bytes.subarray(at), due - answered)
    else if (at < bytes.length) this.astray = bytes.subarray(at)
    return answered
  }

  private compare(reply: Buffer, due: number): number {
    const expected = due === 0 ? undefined : this.replies.slice(this.index, 1)
    if (expected === undefined || !reply.equals(expected)) {
      this.onWrong({ expected: expected && text(expected), actual: text(reply) })
    }
    if (expected === undefined) return 0
    this.index = (this.index + 1) % this.replies.period
    return 1
  }
}

/** At most so much of a reply is kept for the sentence about it. */
const excerpt = 80

const text = (reply: Uint8Array): string => {
  const whole = Buffer.from(reply).toString().trimEnd()
  return whole.length > excerpt ? `${whole.slice(0, excerpt)}…` : whole
}
