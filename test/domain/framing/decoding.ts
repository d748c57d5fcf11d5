import * as FastCheck from "effect/FastCheck"
import type { Codec, Framing, FramingError } from "../../../src/domain/Framing.js"

/** What a codec made of a peer's bytes. */
export interface Decoded<In> {
  readonly messages: ReadonlyArray<In>
  readonly error: FramingError | undefined
}

/** A framing as one who only reads sees it. */
export type Reads<In> = Pick<Framing<In, never>, "open">

/** Takes all there is to take, as the contract of `Codec` says: until `next` gives nothing. */
export const takeAll = <In>(codec: Codec<In, never>): Array<In> => {
  const messages: Array<In> = []
  for (let message = codec.next(); message !== undefined; message = codec.next()) messages.push(message)
  return messages
}

/** Feeds the chunks, then the peer's FIN, to a codec of its own; stops at the first fault, as a server does. */
export const decode = <In>(
  framing: Reads<In>,
  chunks: ReadonlyArray<Uint8Array>,
  maxFrame = 65_536
): Decoded<In> => {
  const codec = framing.open(maxFrame)
  const messages: Array<In> = []
  for (const chunk of chunks) {
    codec.push(chunk)
    messages.push(...takeAll(codec))
    if (codec.error !== undefined) return { messages, error: codec.error }
  }
  codec.end()
  messages.push(...takeAll(codec))
  return { messages, error: codec.error }
}

export const bytesOf = (text: string): Buffer => Buffer.from(text, "utf8")

/** Every byte in a chunk of its own. */
export const byteByByte = (bytes: Uint8Array): Array<Uint8Array> => Array.from(bytes, (byte) => Uint8Array.of(byte))

/** The bytes in two chunks, for each place there is to cut them. */
export const inTwo = (bytes: Uint8Array): Array<Array<Uint8Array>> =>
  Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)].filter((chunk) => chunk.length > 0))

/** The bytes in chunks of any sizes. */
export const cut = (bytes: Uint8Array): FastCheck.Arbitrary<Array<Uint8Array>> =>
  FastCheck.array(FastCheck.nat(bytes.length), { maxLength: 12 }).map((places) => {
    const ends = [...new Set([0, ...places, bytes.length])].toSorted((a, b) => a - b)
    return ends.slice(1).map((end, i) => bytes.subarray(ends[i], end))
  })
