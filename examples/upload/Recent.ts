import { Context, Effect, Layer } from "effect"

/** The last of what was uploaded, as lines; a character for each byte. */
export class Recent extends Context.Tag("examples/upload/Recent")<Recent, {
  readonly add: (bytes: Uint8Array) => void
  /** So many lines, or as many as there are; one that is not ended yet is one. */
  readonly last: (most: number) => { readonly count: number; readonly lines: Iterable<string> }
}>() {
  /** Keeps so many bytes, and the rest of a piece. */
  static readonly layer = (kept: number): Layer.Layer<Recent> => Layer.effect(this, Effect.sync(() => make(kept)))
}

const LF = 0x0a

const make = (kept: number): typeof Recent.Service => {
  const pieces: Array<Buffer> = []
  let held = 0
  return {
    add: (bytes) => {
      pieces.push(Buffer.from(bytes))
      held += bytes.length
      while (held - pieces[0]!.length >= kept) held -= pieces.shift()!.length
    },
    last: (most) => {
      let count = 0
      const tail: Array<Buffer> = []
      // From the end on, to the LF before the first of the lines.
      for (const piece of most === 0 ? [] : pieces.toReversed()) {
        let end = piece.length
        if (count === 0) {
          count = 1
          if (piece[end - 1] === LF) end--
        }
        const lf = (): number => end === 0 ? -1 : piece.lastIndexOf(LF, end - 1)
        let before = lf()
        for (; before >= 0 && count < most; before = lf()) {
          count++
          end = before
        }
        tail.push(piece.subarray(before + 1))
        if (before >= 0) break
      }
      return { count, lines: linesOf(tail.reverse()) }
    }
  }
}

function* linesOf(pieces: ReadonlyArray<Buffer>): Generator<string> {
  let begun: Array<string> = []
  for (const piece of pieces) {
    const [first = "", ...others] = piece.toString("latin1").split("\n")
    begun.push(first)
    for (const other of others) {
      yield begun.join("")
      begun = [other]
    }
  }
  const rest = begun.join("")
  if (rest !== "") yield rest
}
