import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import type { Framing, FramingError } from "../../../src/domain/Framing.js"
import { Encoded, FrameTooLong } from "../../../src/domain/Framing.js"
import type { Reads } from "./decoding.js"
import { byteByByte, cut, decode, inTwo, takeAll } from "./decoding.js"
import { held } from "./held.js"
import { workOf } from "./work.js"

/** A framing, and what the laws need to know of it. */
export interface Subject<In, Out> {
  readonly framing: Framing<In, Out>
  /** What may be sent, and comes back as the same. */
  readonly message: FastCheck.Arbitrary<Out>
  /** How a peer writes a message. Default: as the framing's own codec does. */
  readonly write?: (message: Out) => Uint8Array
  /** A frame of which the limit counts so many bytes. */
  readonly sized?: (length: number) => Uint8Array
  /** The longest that can be `sized`, if it is less than 60,000. */
  readonly longest?: number
  /** Bytes a frame may have besides those that the limit counts. Default: 0. */
  readonly overhead?: number
  /** Pieces of what a peer that knows the framing, and means no good, would send. */
  readonly pieces: ReadonlyArray<string>
  /** Where reads, not the bytes, make the messages: they are compared as one. Default: false. */
  readonly isBare?: boolean
  /** What becomes of the beginning of the frame `sized(8)` when the peer finishes. */
  readonly unfinished?: (
    beginning: Uint8Array
  ) => { readonly messages: ReadonlyArray<unknown>; readonly error?: FramingError }
}

const limit = 24

/** Something to compare by. */
const plain = (message: unknown): unknown =>
  message instanceof Uint8Array ? Buffer.from(message).toString("latin1") : message
const joined = (messages: ReadonlyArray<unknown>): unknown =>
  messages.map((message) => typeof message === "string" ? Buffer.from(message).toString("latin1") : plain(message))
    .join("")

/** Feeds the chunks from one array that is used again for each; goes on behind every fault that can be left out. */
const story = <In>(
  framing: Reads<In>,
  chunks: ReadonlyArray<Uint8Array>,
  maxFrame: number
): Array<unknown> => {
  const codec = framing.open(maxFrame)
  const told: Array<unknown> = []
  const take = () => {
    for (;;) {
      for (const message of takeAll(codec)) told.push(plain(message))
      if (codec.error === undefined) return true
      told.push(codec.error)
      if (!codec.recover()) return false
    }
  }
  const array = Buffer.alloc(Math.max(1, ...chunks.map((chunk) => chunk.length)))
  for (const chunk of chunks) {
    array.set(chunk)
    codec.push(array.subarray(0, chunk.length))
    if (!take()) return told
    array.fill(0x7f)
  }
  codec.end()
  take()
  return told
}

/** What every framing promises, whatever its messages are. */
export const laws = <In, Out>(name: string, subject: Subject<In, Out>): void => {
  const { framing, isBare = false, longest = 60_000, message, overhead = 0, pieces, sized } = subject
  const write = subject.write ?? ((message: Out) => Buffer.from(framing.open(1_000_000).encode(message) as Uint8Array))
  const compared = (messages: ReadonlyArray<unknown>) => isBare ? joined(messages) : messages.map(plain)

  const streams = FastCheck.array(message, { maxLength: 6 }).chain((messages) =>
    FastCheck.record({
      messages: FastCheck.constant(messages),
      chunks: cut(Buffer.concat(messages.map(write)))
    })
  )
  const wild = FastCheck.array(
    FastCheck.oneof(
      FastCheck.uint8Array({ maxLength: 12 }),
      FastCheck.constantFrom(...pieces).map((piece) => Buffer.from(piece, "latin1")),
      message.map(write)
    ),
    { maxLength: 10 }
  ).chain((parts) => {
    const bytes = Buffer.concat(parts)
    return FastCheck.record({ bytes: FastCheck.constant(bytes), chunks: cut(bytes) })
  })

  describe(name, () => {
    it("gives back what was encoded, however the bytes are cut", () => {
      FastCheck.assert(FastCheck.property(streams, ({ chunks, messages }) => {
        const decoded = decode(framing, chunks)
        expect(decoded.error).toBeUndefined()
        expect(compared(decoded.messages)).toEqual(compared(messages))
      }))
    })

    it("encodes what many are sent as each one's codec would", () => {
      FastCheck.assert(FastCheck.property(message, message, (message, before) => {
        const shared = new Encoded(message)
        const used = framing.open(1_000_000)
        used.push(write(before))
        takeAll(used)
        used.encode(before)
        for (const codec of [framing.open(1_000_000), used]) {
          expect(Buffer.from(shared.bytes(framing, codec) as Uint8Array)).toEqual(
            Buffer.from(codec.encode(message) as Uint8Array)
          )
        }
      }))
    })

    it("throws at no bytes, and finds the same in them however they are cut", () => {
      FastCheck.assert(
        FastCheck.property(wild, FastCheck.constantFrom(3, limit, 65_536), ({ bytes, chunks }, maxFrame) => {
          const whole = story(framing, bytes.length === 0 ? [] : [bytes], maxFrame)
          const cut = story(framing, chunks, maxFrame)
          const dribbled = story(framing, byteByByte(bytes), maxFrame)
          if (isBare) return
          expect(cut).toEqual(whole)
          expect(dribbled).toEqual(whole)
        }),
        { numRuns: 300 }
      )
    })

    if (sized !== undefined) {
      it("takes a message of just the limit, and refuses one byte more", () => {
        const good = sized(limit)
        const long = sized(limit + 1)
        for (const chunks of [[good], byteByByte(good), ...inTwo(good), ...inTwo(Buffer.concat([good, good]))]) {
          const { error, messages } = decode(framing, chunks, limit)
          expect(error).toBeUndefined()
          expect(messages).toHaveLength(Buffer.concat(chunks).length / good.length)
        }
        for (const chunks of [[long], byteByByte(long), ...inTwo(long), ...inTwo(Buffer.concat([good, long, good]))]) {
          const { error, messages } = decode(framing, chunks, limit)
          expect(error).toEqual(new FrameTooLong({ limit }))
          expect(messages).toHaveLength(Buffer.concat(chunks).length > long.length ? 1 : 0)
        }
        // Not only once it is whole, or the peer has finished.
        const codec = framing.open(limit)
        codec.push(long.subarray(0, limit + overhead))
        expect(takeAll(codec)).toEqual([])
        expect(codec.error).toEqual(new FrameTooLong({ limit }))
      })
    }

    if (subject.unfinished !== undefined) {
      it(
        "does with an unfinished frame what it should when the peer finishes",
        () => {
          const frame = sized!(8)
          for (let length = 1; length < frame.length; length++) {
            const beginning = frame.subarray(0, length)
            const { error, messages } = subject.unfinished!(beginning)
            for (const chunks of [[frame, beginning], [...byteByByte(frame), ...byteByByte(beginning)]]) {
              const decoded = decode(framing, chunks)
              expect(decoded.messages.slice(1).map(plain)).toEqual(messages)
              expect(decoded.error).toEqual(error)
            }
          }
        }
      )
    }

    it("holds no more than the limit and a chunk, and of what is taken nothing", () => {
      FastCheck.assert(FastCheck.property(wild, ({ chunks }) => {
        const codec = framing.open(limit)
        const small = held(codec) + 128
        for (const chunk of chunks) {
          codec.push(Buffer.concat([Buffer.allocUnsafeSlow(0), chunk]))
          expect(held(codec)).toBeLessThanOrEqual(limit + overhead + chunk.length + small)
          takeAll(codec)
          if (codec.error !== undefined) return
          expect(held(codec)).toBeLessThanOrEqual(limit + overhead + small)
          if (!codec.partial) expect(held(codec)).toBeLessThanOrEqual(small)
        }
      }))
    })

    if (sized !== undefined) {
      it(
        "looks at each byte a few times at most, when a long message comes byte by byte",
        () => {
          const frame = sized(Math.min(longest, 20_000))
          const chunks = byteByByte(frame)
          expect(workOf(() => expect(decode(framing, chunks).messages).toHaveLength(1)))
            .toBeLessThan((12 + 2 * overhead) * frame.length)
        }
      )
    }

    it("lets a long message go: a quiet peer costs little", () => {
      const codec = framing.open(65_536)
      const before = held(codec)
      const long = sized?.(longest) ?? Buffer.alloc(60_000, "a")
      for (let start = 0; start < long.length; start += 1000) {
        codec.push(long.subarray(start, start + 1000))
        takeAll(codec)
      }
      if (!codec.partial) expect(held(codec) - before).toBeLessThan(5000)
    })

    it("gives up what is in no message, for another codec to read", () => {
      FastCheck.assert(FastCheck.property(streams, FastCheck.nat(6), ({ chunks, messages }, count) => {
        const codec = framing.open(65_536)
        const taken: Array<In> = []
        const rest = [...chunks]
        while (taken.length < count && rest.length > 0) {
          codec.push(rest.shift()!)
          for (let next = codec.next(); next !== undefined; next = taken.length < count ? codec.next() : undefined) {
            taken.push(next)
          }
        }
        const left = Buffer.from(codec.release())
        const others = decode(framing, [...left.length > 0 ? [left] : [], ...rest])
        expect(compared([...taken, ...others.messages])).toEqual(compared(messages))
        expect(others.error).toBeUndefined()
      }))
    })
  })
}
