import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Pool from "effect/Pool"
import type * as Scope from "effect/Scope"
import type { Address } from "../../domain/Address.js"
import type { UnsendableMessage } from "../../domain/Framing.js"
import type { ConnectError, Disconnected, GreetingFailed } from "../../domain/NetworkError.js"
import { ConnectionClosed } from "../../domain/NetworkError.js"
import type { Announcements } from "./Announcements.js"
import type { Failure } from "./Awaited.js"
import type { Exchange } from "./Exchange.js"
import { isLoss } from "./Repeats.js"

/** An attempt to connect, and what came of it: a failure of its own would be kept for who comes later. */
export interface Item<In, Out> {
  /** Counts from 1. */
  readonly number: number
  readonly made: Either.Either<Exchange<In, Out>, ConnectError | GreetingFailed>
}

/** Makes connections, one a call. `begun` is the number of the last. */
export class Maker<In, Out, R> {
  begun = 0
  private connections = 0
  private readonly address: Address
  private readonly connect: Effect.Effect<Exchange<In, Out>, ConnectError | GreetingFailed, R>
  private readonly announcements: Announcements

  constructor(
    address: Address,
    connect: Effect.Effect<Exchange<In, Out>, ConnectError | GreetingFailed, R>,
    announcements: Announcements
  ) {
    this.address = address
    this.connect = connect
    this.announcements = announcements
  }

  readonly make: Effect.Effect<Item<In, Out>, never, R> = Effect.suspend(() => {
    const number = ++this.begun
    return Effect.matchEffect(this.connect, {
      onFailure: (error) =>
        Effect.as(
          this.announcements.tell({ _tag: "Unreachable", address: this.address, error }),
          { number, made: Either.left(error) }
        ),
      onSuccess: (exchange) => Effect.as(this.announce(exchange), { number, made: Either.right(exchange) })
    })
  })

  private announce(exchange: Exchange<In, Out>): Effect.Effect<void> {
    const { address } = this
    const { tell } = this.announcements
    const connection = ++this.connections
    // Ends with the connection, also when the pool lets it go.
    const lost = Effect.flatMap(
      Deferred.await(exchange.over),
      Option.match({
        onNone: () => Effect.void,
        onSome: (reason) => tell({ _tag: "Lost", address, connection, reason })
      })
    )
    return Effect.zipRight(tell({ _tag: "Connected", address, connection }), Effect.asVoid(Effect.forkDaemon(lost)))
  }
}

/** Connections of a pool, of which each request has one for as long as it takes. */
export class Connections<In, Out> {
  private readonly address: Address
  private readonly maker: { readonly begun: number }
  private readonly pool: Pool.Pool<Item<In, Out>>
  private isClosed = false

  constructor(address: Address, maker: { readonly begun: number }, pool: Pool.Pool<Item<In, Out>>) {
    this.address = address
    this.maker = maker
    this.pool = pool
  }

  /** No more requests are taken. */
  close(): void {
    this.isClosed = true
  }

  /**
   * Asks a connection, and has what comes of it completed. What has not left because the connection was lost meanwhile
   * goes to another; what has left, only while there are `attempts` left.
   */
  use<A, B, F extends Failure>(
    ask: (exchange: Exchange<In, Out>) => Effect.Effect<A, Disconnected | UnsendableMessage>,
    complete: (given: A) => Effect.Effect<B, F>,
    attempts: number
  ): Effect.Effect<B, ConnectError | GreetingFailed | Disconnected | UnsendableMessage | F> {
    return Effect.suspend(() => {
      const known = this.maker.begun
      /** What is to be done once the connection is back in the pool. */
      type Rest = Effect.Effect<B, ConnectError | GreetingFailed | Disconnected | UnsendableMessage | F>
      const instead = (item: Item<In, Out>, rest: Rest) => Effect.as(Pool.invalidate(this.pool, item), rest)
      // One that was made after this request came, and is lost already, says how it stands: the server takes nobody.
      const another = (item: Item<In, Out>, error: ConnectError | GreetingFailed | Disconnected) =>
        instead(item, item.number > known ? Effect.fail(error) : this.use(ask, complete, attempts))
      const from = (item: Item<In, Out>): Effect.Effect<Rest, never, Scope.Scope> =>
        Either.isLeft(item.made) ? another(item, item.made.left) : Effect.matchEffect(ask(item.made.right), {
          onFailure: (error) =>
            error._tag === "UnsendableMessage" ? Effect.succeed<Rest>(Effect.fail(error)) : another(item, error),
          onSuccess: (given) =>
            Effect.matchEffect(complete(given), {
              onFailure: (error) => {
                if (!isLoss(error)) return Effect.succeed<Rest>(Effect.fail(error))
                return instead(item, attempts > 1 ? this.use(ask, complete, attempts - 1) : Effect.fail(error))
              },
              onSuccess: (whole) => Effect.succeed<Rest>(Effect.succeed(whole))
            })
        })
      return Effect.flatten(Effect.scoped(Effect.flatMap(this.one, from)))
    })
  }

  /** A pool that is closed interrupts whoever asks it. */
  private readonly one: Effect.Effect<Item<In, Out>, ConnectionClosed, Scope.Scope> = Effect.catchAllCause(
    Effect.suspend(() => this.isClosed ? Effect.interrupt : Pool.get(this.pool)),
    (cause) => this.isClosed ? Effect.fail(new ConnectionClosed({ address: this.address })) : Effect.failCause(cause)
  )
}
