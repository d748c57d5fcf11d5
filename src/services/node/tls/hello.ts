import type { Socket } from "node:net"

/** TLS's first record is of this type, and has a header of so many bytes, and so many after it (RFC 8446, section 5.1). */
const handshakeType = 0x16
const headerLength = 5
const longest = 16_384

/**
 * Waits until the first record is whole: until then a client costs no more than its socket. What was read is put back.
 * Whoever says nothing, or hangs up before, is for others to look after.
 */
export const awaitHello = (socket: Socket, told: (what: "hello" | "not TLS") => void): void => {
  const chunks: Array<Buffer> = []
  let length = 0
  let expected = headerLength
  const look = (): void => {
    for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
      chunks.push(chunk)
      length += chunk.length
    }
    if (length === 0) return
    const isFirst = expected === headerLength
    const start = isFirst ? Buffer.concat(chunks) : chunks[0]!
    if (isFirst) chunks.splice(0, chunks.length, start)
    if (start[0] !== handshakeType || (length > 1 && start[1] !== 3)) return done("not TLS")
    if (length < headerLength) return
    expected = headerLength + start.readUInt16BE(3)
    if (expected > headerLength + longest) return done("not TLS")
    if (length >= expected) done("hello")
  }
  const done = (what: "hello" | "not TLS"): void => {
    socket.off("readable", look)
    if (what === "hello") socket.unshift(Buffer.concat(chunks))
    told(what)
  }
  socket.on("readable", look)
}
