/**
 * How bytes become messages and back: incremental and bounded, with no I/O.
 *
 * A `Framing` is a recipe; each connection opens a `Codec` of its own from it. There are four: `line`, `chunk` and `auto`
 * for text, and `envelope` for bytes with a header.
 *
 * @since 0.1.0
 * @module
 */
export { auto } from "./framing/Auto.js"
export { chunk } from "./framing/Chunk.js"
export * from "./framing/Codec.js"
export { type Envelope, envelope } from "./framing/Envelope.js"
export { line } from "./framing/Line.js"
