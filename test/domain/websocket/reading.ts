import type { FramingError } from "../../../src/domain/Framing.js"
import type { Wanted } from "../../../src/domain/websocket/FrameReader.js"
import { FrameReader, lines } from "../../../src/domain/websocket/FrameReader.js"

/** What a reader told, with data that came together glued together. */
export type Told =
  | { readonly data: string }
  | { readonly ping: string }
  | "pong"
  | { readonly closed: number | undefined; readonly inMessage?: true }
  | { readonly fault: FramingError["_tag"]; readonly code: number }

export interface Reading {
  readonly told: ReadonlyArray<Told>
  /** Bytes that had to come for the last of it. */
  readonly at: number
}

export interface Options {
  readonly isMasked?: boolean
  readonly maxMessage?: number
  readonly wanted?: Wanted
}

/** Reads bytes that come in pieces, each of which ends at one of the cuts. */
export const readCut = (
  bytes: Uint8Array,
  cuts: ReadonlyArray<number>,
  { isMasked = true, maxMessage = 1_048_576, wanted = lines }: Options = {}
): Reading => {
  const told: Array<Told> = []
  let come = 0
  let at = 0
  const tell = (what: Told): void => {
    at = come
    const last = told.at(-1)
    if (typeof what === "object" && "data" in what && wanted.delimited && typeof last === "object" && "data" in last) {
      told[told.length - 1] = { data: last.data + what.data }
    } else {
      told.push(what)
    }
  }
  const reader = new FrameReader(isMasked, maxMessage, {
    data: (data) => tell({ data: Buffer.from(data).toString("latin1") }),
    ping: (payload) => tell({ ping: Buffer.from(payload).toString("latin1") }),
    pong: () => tell("pong"),
    heardClose: (closed, isInMessage) => tell({ closed, ...(isInMessage ? { inMessage: true } : {}) }),
    fault: (error, code) => tell({ fault: error._tag, code })
  })
  reader.wanted = wanted
  for (const end of [...cuts, bytes.length]) {
    // An array of its own, which is overwritten: who has kept a view of it is found out.
    const piece = Uint8Array.from(bytes.subarray(come, end))
    come = end
    reader.push(piece)
    piece.fill(0x2a)
  }
  return { told, at }
}

/** The bytes whole, in two pieces wherever they may be cut, and one by one: they must read alike. */
export const read = (bytes: Uint8Array, options: Options = {}): Reading => {
  const ends = Array.from(bytes, (_, i) => i)
  const one = readCut(bytes, ends, options)
  for (const cuts of [[], ...ends.map((end) => [end])]) {
    const { told } = readCut(bytes, cuts, options)
    if (JSON.stringify(told) !== JSON.stringify(one.told)) {
      throw new Error(`cut at ${cuts.join()}: ${JSON.stringify(told)} and not ${JSON.stringify(one.told)}`)
    }
  }
  return one
}

const mask = Uint8Array.of(0x12, 0xe4, 0x80, 0xff)

export interface Shape {
  readonly isFinal?: boolean
  readonly reserved?: number
  readonly isMasked?: boolean
  /** How the length is written: the shortest way, or in so many bytes. */
  readonly lengthBytes?: 1 | 2 | 8
  /** The length that is written, if it is a lie. */
  readonly length?: bigint
}

/** A frame of any shape, also of one that nobody may send. Text is latin1, so that it may be any bytes. */
export const frameOf = (opcode: number, payload: string | Uint8Array = "", shape: Shape = {}): Buffer => {
  const { isFinal = true, isMasked = true, reserved = 0 } = shape
  const content = Buffer.from(typeof payload === "string" ? Buffer.from(payload, "latin1") : payload)
  const length = shape.length ?? BigInt(content.length)
  const size = shape.lengthBytes ?? (length < 126n ? 1 : length < 65_536n ? 2 : 8)
  const written = Buffer.alloc(size)
  if (size === 1) written[0] = Number(length)
  else if (size === 2) written.writeUInt16BE(Number(length))
  else written.writeBigUInt64BE(length)
  const bit = isMasked ? 0x80 : 0
  if (size === 1) written[0]! |= bit
  const start = [
    (isFinal ? 0x80 : 0) | (reserved << 4) | opcode,
    ...(size === 1 ? [] : [bit | (size === 2 ? 126 : 127)])
  ]
  if (isMasked) { for (let i = 0; i < content.length; i++) content[i]! ^= mask[i & 3]! }
  return Buffer.concat([Buffer.from(start), written, isMasked ? mask : Buffer.alloc(0), content])
}
