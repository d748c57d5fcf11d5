import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import type { WrongReply } from "../../../../src/programs/command/bench/Checker.js"
import { Checker } from "../../../../src/programs/command/bench/Checker.js"
import { Tape } from "../../../../src/programs/command/bench/Tape.js"
import type { Framing } from "../../../../src/programs/command/bench/Workload.js"

/** A checker waits for `due` of these replies, and is fed the chunks: how many came to their end, and which were wrong. */
const check = (
  replies: ReadonlyArray<string>,
  chunks: ReadonlyArray<string | Uint8Array>,
  due: number,
  framing: Framing = "line"
) => {
  const wrong: Array<WrongReply> = []
  const tape = new Tape(replies.map((reply) => Buffer.from(reply)), due)
  const checker = new Checker(tape, framing, (reply) => wrong.push(reply))
  let answered = 0
  for (const chunk of chunks) answered += checker.take(Buffer.from(chunk), due - answered)
  return { answered, wrong }
}

const cut = (text: string, places: ReadonlyArray<number>): Array<Uint8Array> => {
  const bytes = Buffer.from(text)
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b)
  return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end)).filter(({ length }) => length > 0)
}

/** The first so many replies of an endless repetition. */
const repeat = (replies: ReadonlyArray<string>, count: number): Array<string> =>
  Array.from({ length: count }, (_, index) => replies[index % replies.length]!)

const line = FastCheck.stringMatching(/^[a-zä ]{0,6}$/).map((text) => `${text}\n`)
const replies = FastCheck.array(line, { minLength: 1, maxLength: 4 })
const places = FastCheck.array(FastCheck.nat(), { maxLength: 20 })

describe("what the bench thinks of replies", () => {
  it("the right ones are right, however their bytes are cut", () => {
    FastCheck.assert(
      FastCheck.property(replies, places, FastCheck.integer({ min: 1, max: 20 }), (replies, places, due) => {
        const stream = repeat(replies, due).join("")
        expect(check(replies, cut(stream, places), due)).toEqual({ answered: due, wrong: [] })
      })
    )
  })

  it("a wrong one is found, however the bytes are cut, and those after it are right again", () => {
    FastCheck.assert(FastCheck.property(replies, places, FastCheck.nat(11), (replies, places, place) => {
      const stream = repeat(replies, 12)
      const expected = stream[place]!.trimEnd()
      stream[place] = "WRONG\n"
      expect(check(replies, cut(stream.join(""), places), 12)).toEqual({
        answered: 12,
        wrong: [{ expected, actual: "WRONG" }]
      })
    }))
  })

  it("one that nobody asked for is wrong, and answers nothing", () => {
    expect(check(["a\n"], ["a\na\nb\n"], 2)).toEqual({ answered: 2, wrong: [{ expected: undefined, actual: "b" }] })
  })

  it("one that is right but for its end is wrong once, when its end has come", () => {
    expect(check(["abc\n"], ["ab", "x"], 1)).toEqual({ answered: 0, wrong: [] })
    expect(check(["abc\n"], ["ab", "x", "\n"], 1)).toEqual({ answered: 1, wrong: [{ expected: "abc", actual: "abx" }] })
  })

  it("without newlines, one may come in pieces, and is wrong at the first piece that is", () => {
    expect(check(["abc"], ["a", "bc", "ab", "c"], 2, "chunk")).toEqual({ answered: 2, wrong: [] })
    expect(check(["abc"], ["a", "x", "abc"], 2, "chunk")).toEqual({
      answered: 2,
      wrong: [{ expected: "abc", actual: "ax" }]
    })
  })

  it("one that never ends is wrong before it has filled the memory", () => {
    const { answered, wrong } = check(["a\n"], repeat(["x".repeat(100_000)], 11), 1)
    expect(answered).toBe(1)
    expect(wrong).toEqual([{ expected: "a", actual: `${"x".repeat(80)}…` }])
  })
})
