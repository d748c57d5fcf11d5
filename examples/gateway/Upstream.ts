// The gateway's own connection to the server behind it. It holds no more than a few reads, in either direction.
import { Chunk, Duration, Effect, Option, type Scope, Stream } from "effect"
import { type Address, Connection, Connector, type NetworkError } from "effect-switchboard"

const { highWaterMark } = Connection

/** Connects; the connection is closed with the scope. */
export const connect = (
  address: Address.Address
): Effect.Effect<Upstream, NetworkError.ConnectError, Connector.Connector | Scope.Scope> =>
  Effect.gen(function*() {
    const connector = yield* Connector.Connector
    return new Upstream(yield* connector.connect(address, Duration.seconds(10)))
  })

export class Upstream implements Connection.Sink {
  private readonly connection: Connection.Connection
  private chunks: Array<Uint8Array> = []
  private held = 0
  private isEnded = false
  private isOver = false
  private error: NetworkError.ConnectionReset | undefined = undefined
  private onChange: Array<() => void> = []

  constructor(connection: Connection.Connection) {
    this.connection = connection
    connection.open(this)
  }

  /** All that comes, until FIN. While nobody pulls, nothing is read. */
  get bytes(): Stream.Stream<Uint8Array, NetworkError.ConnectionReset> {
    return Stream.repeatEffectChunkOption(this.take)
  }

  /** Sends bytes. Gives whether more should follow at once. */
  write(bytes: Uint8Array): boolean {
    this.connection.write(bytes)
    return this.hasRoom
  }

  /** Waits until there is room to send more, or nobody to send it to. */
  get room(): Effect.Effect<void> {
    return this.until(() => this.hasRoom || this.isOver)
  }

  /** Sends FIN; the server may go on. */
  finish(): void {
    this.connection.end()
  }

  reset(): void {
    this.connection.reset()
  }

  // What the connection tells.

  data(chunk: Uint8Array): void {
    this.chunks.push(chunk)
    this.held += chunk.length
    if (this.held >= highWaterMark) this.connection.pause()
    this.changed()
  }

  end(): void {
    this.isEnded = true
    this.changed()
  }

  drain(): void {
    this.changed()
  }

  closed(error: NetworkError.ConnectionReset | undefined): void {
    this.isOver = true
    this.error = error
    this.changed()
  }

  private get hasRoom(): boolean {
    return this.connection.unsent() < highWaterMark
  }

  private get take(): Effect.Effect<Chunk.Chunk<Uint8Array>, Option.Option<NetworkError.ConnectionReset>> {
    const some = this.until(() => this.held > 0 || this.isEnded || this.isOver)
    return Effect.flatMap(some, () => {
      if (this.held === 0) return Effect.fail(Option.fromNullable(this.error))
      const taken = Chunk.unsafeFromArray(this.chunks)
      if (this.held >= highWaterMark) this.connection.resume()
      this.chunks = []
      this.held = 0
      return Effect.succeed(taken)
    })
  }

  private until(isSo: () => boolean): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (isSo()) return Effect.void
      const changed = Effect.async<void>((resume) => void this.onChange.push(() => resume(Effect.void)))
      return Effect.zipRight(changed, this.until(isSo))
    })
  }

  private changed(): void {
    for (const tell of this.onChange.splice(0)) tell()
  }
}
