import * as Either from "effect/Either"
import { dual } from "effect/Function"
import type { Codec, Framing } from "./Codec.js"
import { InvalidFrame } from "./Codec.js"
import { inWordsOf, MappedCodec } from "./MappedCodec.js"

/**
 * Both directions of a `map`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Mapping<in From, out To, out In, in Out> {
  /**
   * Makes the message. `Left` is a fault of the peer, and says what is wrong; `undefined` leaves the message out. To
   * throw is a bug.
   */
  readonly decode: (message: From) => Either.Either<In | undefined, string>
  /** Makes of a message what the framing below sends. */
  readonly encode: (message: Out) => To
}

class MapCodec<From, To, In, Out> extends MappedCodec<From, To, In, Out> {
  private readonly mapping: Mapping<From, To, In, Out>

  constructor(codec: Codec<From, To>, mapping: Mapping<From, To, In, Out>) {
    super(codec)
    this.mapping = mapping
  }

  protected read(message: From): In | undefined {
    const read = this.mapping.decode(message)
    return Either.isRight(read) ? read.right : this.fail(new InvalidFrame({ reason: read.left }))
  }

  protected write(message: Out): To {
    return this.mapping.encode(message)
  }
}

/**
 * The framing with other messages: each is made of one of `self`, both ways. One that cannot be made is an
 * `InvalidFrame`.
 *
 * A fault is explained in the words of `self`.
 *
 * @example
 * ```ts
 * import { Framing } from "effect-switchboard"
 * import { Either } from "effect"
 *
 * const commands = Framing.map(Framing.line, {
 *   decode: (line) => {
 *     const [name, ...words] = line.split(" ")
 *     return name === "" ? Either.left("a command has a name") : Either.right({ name, words })
 *   },
 *   encode: (reply: { readonly code: number; readonly text: string }) => `${reply.code} ${reply.text}`
 * })
 *
 * const codec = commands.open(1024)
 * codec.push(Buffer.from("HELO example.org\n\n"))
 * assert.deepStrictEqual(codec.next(), { name: "HELO", words: ["example.org"] })
 * assert.strictEqual(codec.next(), undefined)
 * assert.strictEqual(codec.error?.message, "the frame is not valid: a command has a name")
 * assert.strictEqual(codec.encode({ code: 250, text: "ok" }), "250 ok\n")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const map: {
  <From, To, In, Out>(mapping: Mapping<From, To, In, Out>): (self: Framing<From, To>) => Framing<In, Out>
  <From, To, In, Out>(self: Framing<From, To>, mapping: Mapping<From, To, In, Out>): Framing<In, Out>
} = dual(
  2,
  <From, To, In, Out>(self: Framing<From, To>, mapping: Mapping<From, To, In, Out>): Framing<In, Out> => ({
    name: self.name,
    open: (maxFrame) => new MapCodec(self.open(maxFrame), mapping),
    explain: inWordsOf(self.explain),
    encodesAlike: self.encodesAlike
  })
)
