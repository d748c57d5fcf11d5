import { dual } from "effect/Function"
import type { Codec, Framing } from "./Codec.js"
import { asBuffer, InvalidText } from "./Codec.js"
import type { Encoding } from "./Encoding.js"
import { decodeText, encodeText, inexpressible } from "./Encoding.js"
import { MappedCodec } from "./MappedCodec.js"

class TextCodec extends MappedCodec<Uint8Array, Uint8Array, string, string> {
  private readonly encoding: Encoding

  constructor(codec: Codec<Uint8Array, Uint8Array>, encoding: Encoding) {
    super(codec)
    this.encoding = encoding
  }

  protected read(message: Uint8Array): string | undefined {
    return decodeText(asBuffer(message), 0, message.length, this.encoding) ?? this.fail(new InvalidText())
  }

  protected write(message: string): Uint8Array {
    return encodeText(message, this.encoding)
  }

  override unsendable(message: string): string | undefined {
    return inexpressible(message, this.encoding) ?? super.unsendable(message)
  }
}

/**
 * The text of a framing's bytes, in UTF-8 or Latin-1. In Latin-1 nothing is a fault, and a character it has not is sent
 * as a question mark.
 *
 * A fault is explained by its sentence. Where that cannot be sent, as in `fixed`, the protocol's `malformed` says
 * another thing, or nothing. For bare reads as text take `chunk`, which keeps a split character until it is whole.
 *
 * @example
 * ```ts
 * import { Framing } from "effect-switchboard"
 *
 * const codec = Framing.asText(Framing.netstring, "utf8").open(1024)
 * codec.push(Buffer.from("6:smörg,"))
 * assert.strictEqual(codec.next(), "smörg")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const asText: {
  (encoding: Encoding): (self: Framing<Uint8Array>) => Framing<string>
  (self: Framing<Uint8Array>, encoding?: Encoding): Framing<string>
} = dual(
  (args) => typeof args[0] !== "string",
  (self: Framing<Uint8Array>, encoding: Encoding = "utf8"): Framing<string> => ({
    name: self.name,
    open: (maxFrame) => new TextCodec(self.open(maxFrame), encoding),
    explain: (error) => [error.message],
    encodesAlike: self.encodesAlike
  })
)
