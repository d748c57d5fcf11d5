import * as Either from "effect/Either"
// Not effect/Schema itself, which takes long to load: who has a schema has loaded it.
import * as ParseResult from "effect/ParseResult"
import type { Schema } from "effect/Schema"
import type { Codec, Framing } from "./Codec.js"
import { InvalidMessage } from "./Codec.js"
import { inWordsOf, MappedCodec } from "./MappedCodec.js"

/** What a schema makes of a message that came, or finds wrong in it; and the way back. */
type Read<In> = (message: unknown) => Either.Either<In, ParseResult.ParseIssue>
type Write<To, Out> = (message: Out) => To

class SchemaCodec<From, To, In, Out> extends MappedCodec<From, To, In, Out> {
  private readonly decode: Read<In>
  protected readonly write: Write<To, Out>

  constructor(codec: Codec<From, To>, decode: Read<In>, encode: Write<To, Out>) {
    super(codec)
    this.decode = decode
    this.write = encode
  }

  protected read(message: From): In | undefined {
    try {
      const read = this.decode(message)
      return Either.isRight(read)
        ? read.right
        : this.fail(new InvalidMessage({ issues: ParseResult.ArrayFormatter.formatIssueSync(read.left) }))
    } catch (error) {
      // A schema reads by recursion: how deep, the peer decides.
      if (!(error instanceof RangeError && error.message === "Maximum call stack size exceeded")) throw error
      return this.fail(
        new InvalidMessage({ issues: [{ _tag: "Forbidden", path: [], message: "it is nested too deep" }] })
      )
    }
  }
}

/**
 * The framing with messages that are values of an Effect `Schema`: `incoming` what comes, `outgoing` what is sent. One
 * schema alone is for both.
 *
 * A message that is not what `incoming` says is an `InvalidMessage`, with the schema's own issues, and is explained in
 * the words of `self`: a line, or in `ndjson` `{"error":"…"}`. To send a value that `outgoing` does not take is a bug,
 * and throws a `ParseError`. The schemas must not wait: one that does makes every message invalid.
 *
 * @example
 * ```ts
 * import { Framing } from "effect-switchboard"
 * import { Schema } from "effect"
 *
 * const Question = Schema.Struct({ id: Schema.Number, at: Schema.Date })
 * const Answer = Schema.Struct({ id: Schema.Number, weekday: Schema.String })
 * const framing = Framing.schema(Framing.ndjson, Question, Answer)
 *
 * const codec = framing.open(1024)
 * codec.push(Buffer.from(`{"id":1,"at":"1969-07-20T20:17:40Z"}\n{"id":"2"}\n`))
 * assert.strictEqual(codec.next()?.at.getUTCDay(), 0)
 * assert.strictEqual(codec.encode({ id: 1, weekday: "Sunday" }), `{"id":1,"weekday":"Sunday"}\n`)
 *
 * assert.strictEqual(codec.next(), undefined)
 * assert.strictEqual(codec.error?.message, "the message is not valid: at id: Expected number, actual \"2\"")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export function schema<From, To, A, I extends From & To>(self: Framing<From, To>, both: Schema<A, I>): Framing<A>
export function schema<From, To, In, From1 extends From, Out, To1 extends To>(
  self: Framing<From, To>,
  incoming: Schema<In, From1>,
  outgoing: Schema<Out, To1>
): Framing<In, Out>
export function schema(
  self: Framing<unknown>,
  incoming: Schema<unknown, unknown>,
  outgoing: Schema<unknown, unknown> = incoming
): Framing<unknown> {
  const decode = ParseResult.decodeUnknownEither(incoming)
  const encode = ParseResult.encodeSync(outgoing)
  return {
    name: self.name,
    open: (maxFrame) => new SchemaCodec(self.open(maxFrame), decode, encode),
    explain: inWordsOf(self.explain),
    encodesAlike: self.encodesAlike
  }
}
