import type { Codec, FramingError } from "./Codec.js"

/** Words of the framing below, which its own codec encodes. */
export class Words {
  readonly content: unknown

  constructor(content: unknown) {
    this.content = content
  }
}

/** Has a fault explained in the words of the framing below. */
export const inWordsOf =
  <Out>(explain: (error: FramingError) => ReadonlyArray<unknown>) => (error: FramingError): ReadonlyArray<Out> =>
    // Safe: the one who is given them is a codec of this file.
    explain(error).map((content) => new Words(content)) as ReadonlyArray<unknown> as ReadonlyArray<Out>

/** A codec whose messages are made of another's. */
export abstract class MappedCodec<From, To, In, Out> implements Codec<In, Out> {
  private readonly codec: Codec<From, To>
  private fault: FramingError | undefined = undefined

  constructor(codec: Codec<From, To>) {
    this.codec = codec
  }

  /** `undefined` leaves the message out; after `fail` it is at fault. */
  protected abstract read(message: From): In | undefined
  protected abstract write(message: Out): To

  protected fail(error: FramingError): undefined {
    this.fault = error
  }

  get error(): FramingError | undefined {
    return this.fault ?? this.codec.error
  }

  get partial(): boolean {
    return this.codec.partial
  }

  get delimited(): boolean {
    return this.codec.delimited
  }

  get delimiter(): string | undefined {
    return this.codec.delimiter
  }

  get quiet(): number | undefined {
    return this.codec.quiet
  }

  push(chunk: Uint8Array): void {
    this.codec.push(chunk)
  }

  end(): void {
    this.codec.end()
  }

  settle(): void {
    this.codec.settle()
  }

  next(): In | undefined {
    if (this.fault !== undefined) return undefined
    for (;;) {
      const message = this.codec.next()
      if (message === undefined) return undefined
      const read = this.read(message)
      if (read !== undefined || this.fault !== undefined) return read
    }
  }

  recover(): boolean {
    if (this.fault === undefined) return this.codec.recover()
    this.fault = undefined
    return true
  }

  release(): Uint8Array {
    return this.codec.release()
  }

  encode(message: Out): string | Uint8Array {
    // Safe: these words were explained by the framing of this codec.
    return this.codec.encode(message instanceof Words ? message.content as To : this.write(message))
  }

  unsendable(message: Out): string | undefined {
    return this.codec.unsendable === undefined ? undefined : this.codec.unsendable(this.write(message))
  }
}
