import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import type { Address } from "../../domain/Address.js"
import type { FramingError } from "../../domain/Framing.js"
import type { ConnectError, Disconnected, GreetingFailed } from "../../domain/NetworkError.js"
import { NotConnected } from "../../domain/NetworkError.js"
import type { Exchange } from "./Exchange.js"

/** A connection that is to be made, stands, or is over. */
export class Link<In, Out> {
  readonly made = Deferred.unsafeMake<Exchange<In, Out>, NotConnected>(FiberId.none)
  readonly over = Deferred.unsafeMake<void>(FiberId.none)
  exchange: Exchange<In, Out> | undefined = undefined
  next: Link<In, Out> | undefined = undefined
}

/** One connection after another, and those who wait for the next. */
export class Links<In, Out> {
  private readonly address: Address
  private readonly mayWait: boolean
  private readonly maxWaiting: number
  private waiting = 0
  private isGivenUp = false
  private now = new Link<In, Out>()
  /** The one that is listened to: what a connection still said is heard before the next is. */
  private heard = this.now

  constructor(address: Address, mayWait: boolean, maxWaiting: number) {
    this.address = address
    this.mayWait = mayWait
    this.maxWaiting = maxWaiting
  }

  // What happens: said by who makes the connections.

  made(exchange: Exchange<In, Out>): void {
    this.now.exchange = exchange
    Deferred.unsafeDone(this.now.made, Effect.succeed(exchange))
  }

  lost(): void {
    const link = this.now
    this.now = link.next = new Link()
    // No more than one that is over is kept for who might listen.
    this.heard = link
    Deferred.unsafeDone(link.over, Effect.void)
  }

  /** The client has ended. */
  close(): void {
    if (this.now.exchange !== undefined) this.lost()
    this.giveUp(undefined)
  }

  giveUp(cause: ConnectError | GreetingFailed | Disconnected | FramingError | undefined): void {
    this.isGivenUp = true
    Deferred.unsafeDone(this.now.made, Effect.fail(this.notConnected("given up", cause)))
  }

  // What is asked for.

  /** The connection that stands; where there is none, it is waited for, if that may be. */
  readonly standing: Effect.Effect<Link<In, Out>, NotConnected> = Effect.suspend(() => {
    const link = this.now
    const { exchange } = link
    if (exchange !== undefined && (this.mayWait || !exchange.isOver)) return Effect.succeed(link)
    if (this.isGivenUp) return Effect.as(Deferred.await(link.made), link)
    if (!this.mayWait) return Effect.fail(this.notConnected("connecting"))
    if (this.waiting >= this.maxWaiting) return Effect.fail(this.notConnected("too many wait"))
    return Effect.acquireUseRelease(
      Effect.sync(() => this.waiting++),
      () => Effect.as(Deferred.await(link.made), link),
      () => Effect.sync(() => this.waiting--)
    )
  })

  /** Whatever is asked of the next connection, once this one is over. */
  after<A, E, R>(link: Link<In, Out>, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return Effect.zipRight(Deferred.await(link.over), effect)
  }

  /** The next message that answers nothing, of whichever connection. */
  readonly receive: Effect.Effect<In, NotConnected> = Effect.suspend(() => {
    const link = this.heard
    return Effect.flatMap(Deferred.await(link.made), (exchange) =>
      Effect.catchAll(exchange.receive, () =>
        this.after(
          link,
          Effect.suspend(() => {
            if (this.heard === link) this.heard = link.next!
            return this.receive
          })
        )))
  })

  private notConnected(
    reason: NotConnected["reason"],
    cause?: ConnectError | GreetingFailed | Disconnected | FramingError
  ): NotConnected {
    return new NotConnected({ address: this.address, reason, cause })
  }
}
