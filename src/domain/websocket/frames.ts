// For every message is asked whether it is text: the global of this name is a getter, which costs a call.
import { Buffer } from "node:buffer"
import * as Opcode from "./Opcode.js"

/** Gives four bytes that nobody can guess (RFC 6455, section 10.3). */
export type MaskKey = () => Uint8Array

const word = 2 ** 32

/** UTF-16 units of a text that takes the shortest length in UTF-8, whatever they are. */
const surelyShort = 41

/** Bytes before the payload: the length is written as short as it can be. */
const headerSize = (length: number, isMasked: boolean): number =>
  (length < 126 ? 2 : length < 65_536 ? 4 : 10) + (isMasked ? 4 : 0)

const writeHeader = (
  frame: Buffer,
  at: number,
  opcode: number,
  length: number,
  mask: Uint8Array | undefined
): number => {
  const bit = mask === undefined ? 0 : 0x80
  frame[at] = 0x80 | opcode
  let next = at + 2
  if (length < 126) {
    frame[at + 1] = bit | length
  } else if (length < 65_536) {
    frame[at + 1] = bit | 126
    next = frame.writeUInt16BE(length, next)
  } else {
    frame[at + 1] = bit | 127
    next = frame.writeUInt32BE(Math.floor(length / word), next)
    next = frame.writeUInt32BE(length % word, next)
  }
  if (mask === undefined) return next
  frame.set(mask, next)
  return next + 4
}

const applyMask = (bytes: Buffer, start: number, end: number, mask: Uint8Array): void => {
  for (let at = start; at < end; at++) bytes[at] = bytes[at]! ^ mask[(at - start) & 3]!
}

/** Writes ASCII of at most `surelyShort` units, as most texts are. -1 where it is more than that. */
const writeShort = (frame: Buffer, at: number, text: string): number => {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x80) return -1
    frame[at + i] = unit
  }
  return text.length
}

/** One frame. A client's is masked. */
export const frame = (opcode: number, payload: Uint8Array, key?: MaskKey): Buffer => {
  const size = headerSize(payload.length, key !== undefined) + payload.length
  const bytes = Buffer.allocUnsafe(size)
  const mask = key?.()
  const start = writeHeader(bytes, 0, opcode, payload.length, mask)
  bytes.set(payload, start)
  if (mask !== undefined) applyMask(bytes, start, size, mask)
  return bytes
}

/** A frame for each message, text or binary, one behind the other. */
export const messageFrames = (messages: ReadonlyArray<string | Uint8Array>, key?: MaskKey): Buffer => {
  const isMasked = key !== undefined
  let most = 0
  for (const message of messages) {
    most += typeof message === "string" && message.length <= surelyShort
      ? 6 + message.length * 3
      : 14 + Buffer.byteLength(message)
  }
  const bytes = Buffer.allocUnsafe(most)
  let at = 0
  for (const message of messages) {
    const mask = key?.()
    if (typeof message !== "string") {
      const start = writeHeader(bytes, at, Opcode.binary, message.length, mask)
      bytes.set(message, start)
      at = finish(bytes, start, message.length, mask)
    } else if (message.length <= surelyShort) {
      // What the length is shows when the text is written.
      const start = at + headerSize(0, isMasked)
      const short = writeShort(bytes, start, message)
      const length = short < 0 ? bytes.write(message, start) : short
      writeHeader(bytes, at, Opcode.text, length, mask)
      at = finish(bytes, start, length, mask)
    } else {
      const length = Buffer.byteLength(message)
      const start = writeHeader(bytes, at, Opcode.text, length, mask)
      bytes.write(message, start)
      at = finish(bytes, start, length, mask)
    }
  }
  return bytes.subarray(0, at)
}

const finish = (bytes: Buffer, start: number, length: number, mask: Uint8Array | undefined): number => {
  const end = start + length
  if (mask !== undefined) applyMask(bytes, start, end, mask)
  return end
}

/** Bytes of words in a close frame. */
const mostWords = 123

/** A close frame: without a code it is empty. Words that are too long are left out. */
export const closeFrame = (code: number | undefined, words: string, key?: MaskKey): Buffer => {
  if (code === undefined) return frame(Opcode.close, Buffer.alloc(0), key)
  const text = Buffer.from(words)
  const payload = Buffer.concat([
    Buffer.from([code >> 8, code & 0xff]),
    text.length <= mostWords ? text : Buffer.alloc(0)
  ])
  return frame(Opcode.close, payload, key)
}
