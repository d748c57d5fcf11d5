/**
 * How bytes become messages and back: incremental and bounded, with no I/O.
 *
 * A `Framing` is a recipe; each connection opens a `Codec` of its own from it.
 *
 * | framing | a message is |
 * |---|---|
 * | `line` | text, ended by LF or CRLF |
 * | `crlf` | text, ended by CRLF alone |
 * | `delimited` | text, ended by what you choose |
 * | `chunk` | the text of each read |
 * | `auto` | a `line` or a `chunk`, as the peer does it |
 * | `ndjson` | a line of JSON |
 * | `bytes` | the bytes of each read |
 * | `fixed` | so many bytes |
 * | `pieces` | the bytes of each read, so many in all |
 * | `lengthPrefixed` | bytes behind their length in binary |
 * | `netstring` | bytes behind their length in digits |
 * | `envelope` | bytes with a JSON header |
 *
 * `asText`, `map` and `schema` make other messages of these. What none of them cuts, a `BufferedCodec` does:
 * see [docs/framings.md](../../docs/framings.md). What many are sent is an `Encoded`: it is made bytes of once.
 *
 * @since 0.1.0
 * @module
 */
export { asText } from "./framing/AsText.js"
export { auto } from "./framing/Auto.js"
export { BufferedCodec } from "./framing/BufferedCodec.js"
export { bytes } from "./framing/Bytes.js"
export { chunk } from "./framing/Chunk.js"
export * from "./framing/Codec.js"
export { crlf } from "./framing/Crlf.js"
export { delimited } from "./framing/Delimited.js"
export { Encoded } from "./framing/Encoded.js"
export type { Encoding } from "./framing/Encoding.js"
export { type Envelope, envelope } from "./framing/Envelope.js"
export { fixed } from "./framing/Fixed.js"
export { type LengthPrefix, lengthPrefixed } from "./framing/LengthPrefixed.js"
export { line } from "./framing/Line.js"
export { map, type Mapping } from "./framing/Map.js"
export { ndjson } from "./framing/Ndjson.js"
export { netstring } from "./framing/Netstring.js"
export { pieces } from "./framing/Pieces.js"
export { schema } from "./framing/Schema.js"
