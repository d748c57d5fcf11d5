import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { closeFrame, messageFrames } from "../../../src/domain/websocket/frames.js"
import type { Told } from "./reading.js"
import { frameOf, readCut } from "./reading.js"

const key = () => Uint8Array.of(0x12, 0xe4, 0x80, 0xff)

const others = (told: ReadonlyArray<Told>) => told.filter((what) => typeof what === "string" || !("data" in what))

const messages = FastCheck.array(
  FastCheck.oneof(
    FastCheck.string({ unit: "binary", maxLength: 200 }),
    FastCheck.uint8Array({ maxLength: 300 }),
    FastCheck.constantFrom("", "x".repeat(41), "ä".repeat(42), "x".repeat(126), "€".repeat(21_845), "x".repeat(65_536))
  ),
  { maxLength: 6 }
)

describe("frames", () => {
  it("what is written is read as the same messages, masked or not, however it is cut", () => {
    FastCheck.assert(
      FastCheck.property(
        messages,
        FastCheck.boolean(),
        FastCheck.array(FastCheck.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
        (messages, isMasked, places) => {
          const bytes = messageFrames(messages, isMasked ? key : undefined)
          const cuts = places.map((place) => Math.floor(place * bytes.length)).toSorted((a, b) => a - b)
          const { told } = readCut(bytes, cuts, { isMasked, wanted: { delimited: false } })
          const whole = messages.map((message) => Buffer.from(message as string).toString("latin1"))
          expect(told).toEqual(whole.filter((data) => data !== "").map((data) => ({ data })))
        }
      ),
      { seed: 6455, numRuns: 300 }
    )
  })

  it("whatever bytes a peer sends, cut anywhere, are told alike up to a fault, and no more is given than has come", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.array(
          FastCheck.oneof(
            FastCheck.uint8Array({ maxLength: 20 }),
            FastCheck.tuple(FastCheck.nat(15), FastCheck.boolean(), FastCheck.uint8Array({ maxLength: 150 })).map(
              ([opcode, isFinal, payload]) => frameOf(opcode, payload, { isFinal })
            )
          ),
          { maxLength: 8 }
        ),
        FastCheck.boolean(),
        (pieces, delimited) => {
          const bytes = Buffer.concat(pieces)
          const wanted = delimited ? { delimited, delimiter: "\n" } : { delimited }
          const { told } = readCut(bytes, [], { wanted })
          const byByte = readCut(bytes, Array.from(bytes, (_, at) => at), { wanted })
          expect(others(byByte.told)).toEqual(others(told))
          const given = told.flatMap((what) => typeof what === "object" && "data" in what ? [what.data.length] : [])
          expect(given.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(bytes.length)
        }
      ),
      { seed: 6455, numRuns: 500 }
    )
  })

  it("a length is written the shortest way", () => {
    const headers = [0, 125, 126, 65_535, 65_536].map((length) => messageFrames([Buffer.alloc(length)]).length - length)
    expect(headers).toEqual([2, 2, 4, 4, 10])
    expect(messageFrames(["x".repeat(125), "ä".repeat(63)]).length).toBe(2 + 125 + 4 + 126)
  })

  it("half a character is sent as the mark for what is none", () => {
    expect(messageFrames(["a\ud800"]).toString()).toContain("a\ufffd")
  })

  it("words that do not fit into a close frame are left out", () => {
    expect(closeFrame(1000, "x".repeat(123)).length).toBe(2 + 125)
    expect(closeFrame(1000, "x".repeat(124)).length).toBe(2 + 2)
    expect(closeFrame(undefined, "").length).toBe(2)
  })
})
