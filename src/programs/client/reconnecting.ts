import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { ClientProtocol } from "../../domain/ClientProtocol.js"
import type { FramingError, UnsendableMessage } from "../../domain/Framing.js"
import type { ConnectError, Disconnected, GreetingFailed, NotConnected } from "../../domain/NetworkError.js"
import type { Connector } from "../../services/Connector.js"
import type { Announcements } from "./Announcements.js"
import * as Announcing from "./Announcements.js"
import type { Failure } from "./Awaited.js"
import type { Caller, Listener, Options } from "./Caller.js"
import { addressOf, timeoutOf } from "./connect.js"
import type { Exchange } from "./Exchange.js"
import type { Greeting } from "./greeting.js"
import { connectAndGreet } from "./greeting.js"
import { Links } from "./Links.js"
import type { Repeats } from "./Repeats.js"
import { attemptsOf, isLoss } from "./Repeats.js"

/** Why a connection is wanted anew. */
type Reason = ConnectError | GreetingFailed | Disconnected | FramingError

/**
 * How a client connects anew, and what becomes of requests meanwhile.
 *
 * @since 0.2.0
 * @category models
 */
export interface ReconnectingOptions extends Options, Repeats {
  /**
   * When to try again: its delay comes before every attempt but the very first, and it is told the reason for it. It
   * begins anew behind a connection that was good: one on which the server said anything, or that stood for `timeout`. Once
   * it is over, no more attempts are made. Default: 100 ms, twice as long each time, up to 10 seconds, all a little more
   * or less by chance, without end.
   */
  readonly schedule?:
    | Schedule.Schedule<unknown, ConnectError | GreetingFailed | Disconnected | FramingError>
    | undefined
  /**
   * Whether a request waits while there is no connection, or fails at once as `NotConnected`. Where it fails, no request
   * is sent twice, whatever `retry` says. Default: `wait`.
   */
  readonly away?: "wait" | "fail" | undefined
  /** Requests that may wait for a connection; one more is `NotConnected`. Default: 1,000. */
  readonly maxWaiting?: number | undefined
}

/**
 * A client that connects anew when its connection is lost. Requests and messages are those of whichever connection there
 * is; they fail as `NotConnected` once no more attempts are made.
 *
 * What the server said of itself while there was no connection is lost.
 *
 * @since 0.2.0
 * @category models
 */
export interface Reconnecting<in Request, out Reply, out E = never, out R = never>
  extends Caller<Request, Reply, E | NotConnected, R>, Listener<Reply, E | NotConnected, R>
{}

const backOff: Schedule.Schedule<unknown, Reason> = Schedule.jittered(
  Schedule.union(Schedule.exponential("100 millis"), Schedule.spaced("10 seconds"))
)

/** Connects, and again whenever the connection is lost. Ends when the schedule does. */
const keep = <In, Out, R>(
  connect: Effect.Effect<Exchange<In, Out>, ConnectError | GreetingFailed, R>,
  links: Links<In, Out>,
  { tell }: Announcements,
  options: ReconnectingOptions
): Effect.Effect<void, never, Exclude<R, Scope.Scope>> =>
  Effect.gen(function*() {
    const address = addressOf(options)
    const goodAfter = Duration.toMillis(timeoutOf(options))
    const schedule = yield* Schedule.driver(options.schedule ?? backOff)
    let connection = 0
    let attempt = 0

    /** One connection, from its making to its end. */
    const once = Effect.gen(function*() {
      const exchange = yield* connect
      const began = yield* Clock.currentTimeMillis
      connection++
      attempt = 0
      links.made(exchange)
      yield* tell({ _tag: "Connected", address, connection })
      // The client's own end interrupts this.
      const reason = yield* Effect.flatMap(
        Deferred.await(exchange.over),
        Option.match({
          onNone: () => Effect.never,
          onSome: Effect.succeed
        })
      )
      links.lost()
      yield* tell({ _tag: "Lost", address, connection, reason })
      if (exchange.hasSpoken || (yield* Clock.currentTimeMillis) - began >= goodAfter) yield* schedule.reset
      return reason
    })

    for (;;) {
      const reason: Reason = yield* Effect.scoped(once).pipe(
        Effect.catchAll((error) => Effect.as(tell({ _tag: "Unreachable", address, error }), error))
      )
      if (Option.isNone(yield* Effect.option(schedule.next(reason)))) {
        links.giveUp(reason)
        return yield* tell({ _tag: "GivenUp", address, reason })
      }
      attempt++
      yield* tell({ _tag: "Reconnecting", address, attempt })
    }
  })

/** A message's reply, on whichever connection it comes. */
const asking = <In, Out>(links: Links<In, Out>, mayWait: boolean, message: Out, attempts: number): Effect.Effect<
  In,
  NotConnected | Failure | UnsendableMessage
> => {
  const again = (left: number) => asking(links, mayWait, message, left)
  return Effect.flatMap(links.standing, (link) =>
    Effect.matchEffect(link.exchange!.submit(message), {
      onFailure: (error) =>
        mayWait && error._tag !== "UnsendableMessage" ? links.after(link, again(attempts)) : Effect.fail(error),
      onSuccess: (reply) =>
        mayWait && attempts > 1
          ? Effect.catchIf(reply, isLoss, () => links.after(link, again(attempts - 1)))
          : reply
    }))
}

const sending = <In, Out>(links: Links<In, Out>, mayWait: boolean, message: Out): Effect.Effect<
  void,
  NotConnected | Disconnected | UnsendableMessage
> =>
  Effect.flatMap(
    links.standing,
    (link) =>
      Effect.catchAll(link.exchange!.send(message), (error) =>
        mayWait && error._tag !== "UnsendableMessage"
          ? links.after(link, sending(links, mayWait, message))
          : Effect.fail(error))
  )

/**
 * A client that connects anew, by a `Schedule`, until its scope is closed.
 *
 * It is there at once, connected or not: the first attempt is begun, and where it fails, others follow.
 *
 * @example
 * ```ts
 * import { Client, type Connector, NetworkError, TextClient } from "effect-switchboard"
 * import { Effect, Schedule } from "effect"
 *
 * const program: Effect.Effect<string, never, Connector.Connector> = Effect.gen(function*() {
 *   const client = yield* Client.reconnecting(TextClient.protocol, {
 *     schedule: Schedule.spaced("1 second"),
 *     // To evaluate an expression once more does no harm.
 *     retry: "unanswered"
 *   })
 *   return yield* client.ask("22 + 44")
 * }).pipe(
 *   Effect.scoped,
 *   Effect.catchAll((error) => Effect.succeed(error.message))
 * )
 * ```
 *
 * @since 0.2.0
 * @category constructors
 */
export const reconnecting = <Request, Reply, In, Out, E, R, R2 = never>(
  protocol: ClientProtocol<Request, Reply, In, Out, E, R>,
  options: ReconnectingOptions & Greeting<Request, Reply, E, R, R2> = {}
): Effect.Effect<Reconnecting<Request, Reply, E, R>, never, Connector | Scope.Scope | Exclude<R2, Scope.Scope>> =>
  Effect.gen(function*() {
    const address = addressOf(options)
    const mayWait = options.away !== "fail"
    const links = new Links<In, Out>(address, mayWait, options.maxWaiting ?? 1000)
    const announcements = yield* Announcing.make
    yield* Effect.addFinalizer(() => Effect.sync(() => links.close()))
    yield* Effect.forkScoped(
      Effect.interruptible(keep(connectAndGreet(protocol, options), links, announcements, options))
    )
    const attempts = attemptsOf(options)
    const receive = Effect.flatMap(links.receive, protocol.process)
    return {
      address,
      ask: (request) =>
        Effect.flatMap(
          protocol.prepare(request),
          (message) => Effect.flatMap(asking(links, mayWait, message, attempts), protocol.process)
        ),
      send: (request) => Effect.flatMap(protocol.prepare(request), (message) => sending(links, mayWait, message)),
      receive,
      messages: Stream.repeatEffect(receive),
      events: announcements.events
    }
  })
