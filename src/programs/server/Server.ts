/**
 * A protocol, under a model, on a SocketServer.
 *
 * @since 0.1.0
 * @module
 */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { Address } from "../../domain/Address.js"
import * as Limits from "../../domain/Limits.js"
import type { Protocol } from "../../domain/Protocol.js"
import type { Closed, CloseReason } from "../../domain/ServerEvent.js"
import type { Connection } from "../../services/Connection.js"
import { Observer } from "../../services/Observer.js"
import { SocketServer } from "../../services/SocketServer.js"
import { Stopwatch } from "../../services/Stopwatch.js"
import * as Timers from "../stream/Timers.js"
import { acceptAll } from "./Acceptor.js"
import type { Member, Owner } from "./conversation/Conversation.js"
import { Conversation } from "./conversation/Conversation.js"
import type { Model } from "./Model.js"
import { Population } from "./Population.js"

/**
 * The model that serves, and what a peer may take; what is left out of the limits has its default.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends Limits.Options {
  readonly model: Model
}

/**
 * How a server ended.
 *
 * @since 0.1.0
 * @category models
 */
export interface Report {
  /** Connections served. */
  readonly accepted: number
  /** Connections cut because they had not ended when the drain's time was up. */
  readonly cut: number
}

/**
 * A running server.
 *
 * @since 0.1.0
 * @category models
 */
export interface Server {
  readonly address: Address
  /** How many connections are being served now. */
  readonly connections: Effect.Effect<number>
  /** Changes the limit of a running server. Connections over a lower one are served to their end. */
  readonly setMaxConnections: (maxConnections: number) => Effect.Effect<void>
  /**
   * Stops listening, answers what has been received, closes every connection, and cuts those that have not ended
   * within `drainTimeout`. Gives how it went; a second call waits for the first.
   */
  readonly stop: Effect.Effect<Report>
  /** Waits until the server has ended: by `stop`, or of itself where the model does. */
  readonly ended: Effect.Effect<Report>
}

/** How long connections that were cut may take to end. */
const farewell = Duration.millis(500)

/**
 * Starts a server, which is stopped when its scope closes.
 *
 * @example
 * ```ts
 * import { Echo, Model, NodeSocketServer, Server } from "effect-switchboard"
 * import { Effect } from "effect"
 *
 * const program = Effect.gen(function*() {
 *   const server = yield* Server.make(Echo.protocol, { model: Model.threaded })
 *   yield* Effect.log(`echoing at port ${server.address.port}`)
 *   return yield* server.ended
 * }).pipe(Effect.scoped, Effect.provide(NodeSocketServer.layer({ port: 1234 })))
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = <In, Out, E, R>(
  protocol: Protocol<In, Out, E, R>,
  options: Options
): Effect.Effect<Server, never, SocketServer | Scope.Scope | R> =>
  Effect.gen(function*() {
    const socketServer = yield* SocketServer
    const observer = yield* Observer
    const { millis } = yield* Stopwatch
    const timers = yield* Timers.make(socketServer.poll)
    const limits = Limits.make(options)
    const admission = options.model.admission(limits)
    const lastAnswer = yield* Deferred.make<void>()
    const ended = yield* Deferred.make<Report>()
    let accepted = 0
    let answered = 0
    let isStopping = false

    const grant = (asked: number): number => {
      const granted = Math.min(asked, socketServer.capacity)
      if (granted < asked && Number.isFinite(asked)) observer.observe({ _tag: "CapLowered", asked, granted })
      return granted
    }
    const population = new Population(grant(admission.maxConnections))

    const owner: Owner = {
      timers,
      observer,
      millis,
      maxFrame: limits.maxFrame,
      times: {
        idleTimeout: Duration.toMillis(limits.idleTimeout),
        requestTimeout: Duration.toMillis(limits.requestTimeout),
        writeTimeout: Duration.toMillis(limits.writeTimeout)
      },
      get requestsLeft() {
        return admission.maxRequests - answered
      },
      answered: () => {
        if (++answered === admission.maxRequests) Deferred.unsafeDone(lastAnswer, Effect.void)
      },
      ended: (conversation, reason) => {
        population.remove(conversation)
        observer.observe(closed(conversation, reason, timers.now(), population.members.size))
      }
    }

    // Before the engine's finalizer, so after it at the end: clients are drained while their engine still runs.
    const run = yield* options.model.engine<R>()
    yield* Effect.addFinalizer(() => stop)

    const admit = (connection: Connection): void => {
      const conversation = begin(connection)
      if (conversation === undefined) return
      population.add(conversation)
      const { id } = conversation
      observer.observe({ _tag: "Accepted", id, peer: connection.peer, open: population.members.size })
      run(conversation)
    }
    const begin = (connection: Connection): Conversation<R> | undefined => {
      try {
        return new Conversation<R>(++accepted, connection, protocol.machine, owner)
      } catch (defect) {
        // The framing could not be opened: the next client may have more luck.
        observer.observe({ _tag: "Failed", id: accepted--, peer: connection.peer, cause: Cause.die(defect) })
        connection.reset()
        return undefined
      }
    }

    const refuse = (connection: Connection): void => {
      connection.reset()
      observer.observe({ _tag: "Refused", peer: connection.peer })
    }

    const { atLimit } = admission
    const accepting = acceptAll({ socketServer, population, atLimit, admit, refuse })
    const acceptor = yield* Effect.forkScoped(Effect.interruptible(accepting))

    const drain = Effect.gen(function*() {
      observer.observe({ _tag: "Draining", open: population.members.size, timeout: limits.drainTimeout })
      yield* Fiber.interrupt(acceptor)
      yield* socketServer.close
      // What clients sent before now may still be on its way to us: to those accepted last it takes a poll to be read at all.
      yield* socketServer.poll
      yield* socketServer.poll
      for (const conversation of population.members) conversation.stop()
      yield* Effect.timeoutOption(population.whenEmpty, limits.drainTimeout)
      const report = { accepted, cut: population.members.size }
      for (const conversation of population.members) conversation.cut("Cut")
      // So that the last event is the last, if no turn refuses to end.
      yield* Effect.timeoutOption(population.whenEmpty, farewell)
      observer.observe({ _tag: "Stopped", ...report })
      yield* Deferred.succeed(ended, report)
    })

    // In a fiber of its own: whoever asks for the stop may be interrupted, and the stop goes on.
    const stop = Effect.suspend(() => {
      if (isStopping) return Deferred.await(ended)
      isStopping = true
      return Effect.zipRight(Effect.forkDaemon(Effect.interruptible(drain)), Deferred.await(ended))
    })

    yield* Effect.forkScoped(Effect.zipRight(Deferred.await(lastAnswer), stop))
    observer.observe({
      _tag: "Listening",
      address: socketServer.address,
      model: options.model.name,
      protocol: protocol.name
    })
    return {
      address: socketServer.address,
      connections: Effect.sync(() => population.members.size),
      setMaxConnections: (maxConnections) => Effect.sync(() => population.setLimit(grant(maxConnections))),
      stop,
      ended: Deferred.await(ended)
    }
  })

const closed = (conversation: Member, reason: CloseReason, now: number, open: number): Closed => ({
  _tag: "Closed",
  id: conversation.id,
  peer: conversation.connection.peer,
  reason,
  requests: conversation.requests,
  replies: conversation.replies,
  bytesIn: conversation.bytesIn,
  bytesOut: conversation.connection.sent(),
  duration: Duration.millis(now - conversation.openedAt),
  open
})

/**
 * Runs a server until it ends of itself, or this is interrupted: then it is stopped in good order first.
 *
 * @since 0.1.0
 * @category constructors
 */
export const run = <In, Out, E, R>(
  protocol: Protocol<In, Out, E, R>,
  options: Options
): Effect.Effect<Report, never, SocketServer | R> =>
  Effect.scoped(Effect.flatMap(make(protocol, options), (server) => server.ended))

/**
 * A server as a part of a larger app: it runs as long as the layer is in use.
 *
 * @example
 * ```ts
 * import { Echo, Model, NodeSocketServer, Server } from "effect-switchboard"
 * import { Layer } from "effect"
 *
 * const echo = Server.layer(Echo.protocol, { model: Model.select }).pipe(
 *   Layer.provide(NodeSocketServer.layer({ port: 1234 }))
 * )
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = <In, Out, E, R>(
  protocol: Protocol<In, Out, E, R>,
  options: Options
): Layer.Layer<never, never, SocketServer | Exclude<R, Scope.Scope>> => Layer.scopedDiscard(make(protocol, options))
