import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { InvalidFrame, pieces } from "../../../src/domain/Framing.js"
import { cut } from "./decoding.js"

/** What comes of chunks, until all of the content is there. */
const read = (total: number, chunks: ReadonlyArray<Uint8Array>, maxFrame = 65_536) => {
  const codec = pieces(total).open(maxFrame)
  const taken: Array<Uint8Array> = []
  const rest = [...chunks]
  for (let left = total; left > 0 && rest.length > 0;) {
    codec.push(rest.shift()!)
    for (let piece = codec.next(); piece !== undefined; piece = left > 0 ? codec.next() : undefined) {
      taken.push(Buffer.from(piece))
      left -= piece.length
    }
  }
  return { codec, taken, rest }
}

const sent = FastCheck.uint8Array({ maxLength: 40 }).chain((bytes) =>
  FastCheck.record({ bytes: FastCheck.constant(bytes), chunks: cut(Buffer.from(bytes)) })
)

describe("pieces", () => {
  it("hands on all bytes of the content, however they are cut, and leaves those behind it", () => {
    FastCheck.assert(
      FastCheck.property(
        sent,
        FastCheck.nat(50),
        FastCheck.constantFrom(1, 3, 65_536),
        ({ bytes, chunks }, total, most) => {
          const { codec, rest, taken } = read(total, chunks, most)
          expect(codec.error).toBeUndefined()
          expect(Math.max(0, ...taken.map((piece) => piece.length))).toBeLessThanOrEqual(most)
          expect(Buffer.concat(taken)).toEqual(Buffer.from(bytes.subarray(0, total)))
          const left = Buffer.concat([codec.release(), ...rest])
          expect(left).toEqual(Buffer.from(bytes.subarray(total)))
        }
      )
    )
  })

  it("is at fault where the peer finishes before its end", () => {
    for (const length of [0, 1, 4]) {
      const { codec } = read(5, [Buffer.alloc(length)])
      codec.end()
      expect(codec.next()).toBeUndefined()
      expect(codec.error).toEqual(new InvalidFrame({ reason: "it ends before its content does" }))
    }
    for (const length of [0, 5]) {
      const { codec } = read(length, [Buffer.alloc(length)])
      codec.end()
      expect(codec.next()).toBeUndefined()
      expect(codec.error).toBeUndefined()
    }
  })

  it("holds nothing of what is read behind its end: that is a fault", () => {
    const { codec } = read(3, [Buffer.from("abcd")])
    expect(codec.next()).toBeUndefined()
    expect(codec.error).toEqual(new InvalidFrame({ reason: "it goes on behind its end" }))
    expect(codec.recover()).toBe(false)
  })

  it("sends bytes as they are", () => {
    expect(pieces(3).open(10).encode(Buffer.from("hello"))).toEqual(Buffer.from("hello"))
  })

  it("has a length that is a whole number", () => {
    for (const total of [-1, 0.5, NaN, Infinity]) {
      expect(() => pieces(total)).toThrow(`${total} is not a length of content: a whole number from 0 on is`)
    }
  })
})
