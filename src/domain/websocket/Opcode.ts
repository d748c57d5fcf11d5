/** What a frame is (RFC 6455, section 5.2). The rest is reserved. */
export const continuation = 0x0
export const text = 0x1
export const binary = 0x2
export const close = 0x8
export const ping = 0x9
export const pong = 0xa

/** Whether it is reserved: a peer that uses it expects something that was never agreed on. */
export const isReserved = (opcode: number): boolean => (opcode > binary && opcode < close) || opcode > pong

/** Control frames are short, whole, and may stand between the fragments of a message. */
export const isControl = (opcode: number): boolean => opcode >= close
