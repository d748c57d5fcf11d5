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
import { format } from "../../domain/Address.js"
import * as Limits from "../../domain/Limits.js"
import type { Protocol } from "../../domain/Protocol.js"
import type { Accepted } from "../../domain/ServerEvent.js"
import type { Tls } from "../../domain/Tls.js"
import type { Connection } from "../../services/Connection.js"
import { Observer } from "../../services/Observer.js"
import { SocketServer } from "../../services/SocketServer.js"
import { Stopwatch } from "../../services/Stopwatch.js"
import * as Timers from "../../services/Timers.js"
import { Witness } from "../../services/Witness.js"
import { acceptAll } from "./Acceptor.js"
import { Conversation } from "./conversation/Conversation.js"
import type { Member, Owner } from "./conversation/Owner.js"
import { names as phases } from "./conversation/Phase.js"
import type { Run } from "./engines/Engine.js"
import type { Model } from "./Model.js"
import { Population } from "./Population.js"
import type { Totals } from "./Tally.js"
import { Tally } from "./Tally.js"

export type { Totals } from "./Tally.js"

/**
 * The model that serves, and what a peer may take; what is left out of the limits has its default.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends Limits.Options {
  /** What it is called in its events, its log and its metrics. Default: where it listens, as `127.0.0.1:1234`. */
  readonly name?: string | undefined
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
 * A client that is being served.
 *
 * @since 0.2.0
 * @category models
 */
export interface Served {
  /** The `id` of its events. */
  readonly id: number
  readonly peer: Address
  /** How long it has been served. */
  readonly duration: Duration.Duration
  /** Messages taken from it, and sent to it. */
  readonly requests: number
  readonly replies: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Bytes for it that the network has not taken. */
  readonly unsent: number
  /**
   * `serving`; `stopping` where the server stops, and what was received is still answered; `closing` from then on until the
   * peer closes, too; `gone` where only what the connection held is still to be released.
   */
  readonly phase: "serving" | "stopping" | "closing" | "gone" | "over"
  /** Where the connection is encrypted by TLS. */
  readonly tls?: Tls | undefined
}

/**
 * A running server.
 *
 * @since 0.1.0
 * @category models
 */
export interface Server {
  /** What it is called in its events. */
  readonly name: string
  readonly address: Address
  /** How many connections are being served now. */
  readonly connections: Effect.Effect<number>
  /** Who is being served now, in the order of acceptance. */
  readonly list: Effect.Effect<ReadonlyArray<Served>>
  /** Some of them: those whose `id` is greater than `after`, and at most `limit`. */
  readonly page: (options: {
    readonly after: number
    readonly limit: number
  }) => Effect.Effect<ReadonlyArray<Served>>
  /** What its connections have come to, those that are served now included. */
  readonly totals: Effect.Effect<Totals>
  /** Closes a connection, after its turn under way and what there is to send. Gives whether there was one. */
  readonly disconnect: (id: number) => Effect.Effect<boolean>
  /** Changes the limit of a running server. Connections over a lower one are served to their end. */
  readonly setMaxConnections: (maxConnections: number) => Effect.Effect<void>
  /** The limits that hold now. */
  readonly limits: Effect.Effect<Limits.Limits>
  /**
   * Changes limits of a running server, and gives those that hold now: what is left out stays. They hold for connections
   * under way, too: a client that has been silent for 20 seconds under an `idleTimeout` of a minute has 10 left under one of
   * 30; where there was none, its silence begins now. `maxConnections` is for the models that take many: connections over
   * a lower one are served to their end.
   */
  readonly setLimits: (limits: Limits.Changes) => Effect.Effect<Limits.Limits>
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
): Effect.Effect<Server, never, SocketServer | Scope.Scope | Exclude<R, Scope.Scope>> =>
  Effect.gen(function*() {
    const socketServer = yield* SocketServer
    const { millis } = yield* Stopwatch
    const timers = yield* Timers.make(socketServer.poll)
    let limits = Limits.make(options)
    const witness = new Witness(
      options.name ?? format(socketServer.address),
      yield* Observer,
      timers.now,
      yield* Effect.runtime()
    )
    const admission = options.model.admission(limits)
    const lastAnswer = yield* Deferred.make<void>()
    const ended = yield* Deferred.make<Report>()
    let accepted = 0
    let answered = 0
    let isStopping = false

    const grant = (asked: number): number => {
      const granted = Math.min(asked, socketServer.capacity)
      if (granted < asked && Number.isFinite(asked)) witness.tell({ _tag: "CapLowered", asked, granted })
      return granted
    }
    const population = new Population(grant(admission.maxConnections))
    const tally = new Tally()

    const owner: Owner = {
      timers,
      witness,
      timings: witness.timings,
      millis,
      maxFrame: limits.maxFrame,
      times: timesOf(limits),
      get requestsLeft() {
        return admission.maxRequests - answered
      },
      answered: () => {
        if (++answered === admission.maxRequests) Deferred.unsafeDone(lastAnswer, Effect.void)
      },
      ended: (conversation, reason) => {
        population.remove(conversation)
        tally.end(conversation)
        const { bytesIn, connection, id, openedAt, peer, replies, requests } = conversation
        witness.tell({
          _tag: "Closed",
          id,
          peer,
          duration: Duration.millis(timers.now() - openedAt),
          requests,
          replies,
          bytesIn,
          bytesOut: connection.sent(),
          reason,
          open: population.members.size
        })
      }
    }

    // Before the engine's finalizer, so after it at the end: clients are drained while their engine still runs.
    // Safe: a turn's Scope is its connection's, which the engine provides.
    const engine = options.model.engine<R>() as Effect.Effect<Run<R>, never, Exclude<R, Scope.Scope> | SocketServer>
    const run = yield* engine
    yield* Effect.addFinalizer(() => stop)

    const admit = (connection: Connection): void => {
      const conversation = begin(connection)
      if (conversation === undefined) return
      population.add(conversation)
      const { id } = conversation
      const { peer, tls } = connection
      const event: Accepted = { _tag: "Accepted", id, peer, open: population.members.size }
      witness.tell(tls === undefined ? event : { ...event, tls })
      run(conversation)
    }
    const begin = (connection: Connection): Conversation<R> | undefined => {
      try {
        return new Conversation<R>(++accepted, connection, protocol.machine, owner)
      } catch (defect) {
        // The framing could not be opened: the next client may have more luck.
        witness.tell({ _tag: "Failed", id: accepted--, peer: connection.peer, cause: Cause.die(defect) })
        connection.reset()
        return undefined
      }
    }

    const refuse = (connection: Connection): void => {
      connection.reset()
      witness.tell({ _tag: "Refused", peer: connection.peer, reason: "AtLimit" })
    }

    const { atLimit } = admission
    const accepting = acceptAll({ socketServer, population, atLimit, admit, refuse })
    const acceptor = yield* Effect.forkScoped(Effect.interruptible(accepting))

    const drain = Effect.gen(function*() {
      const began = timers.now()
      // Who has answered all it may takes in nobody else. Any other server takes in who had connected before the stop.
      if (owner.requestsLeft <= 0) yield* Fiber.interrupt(acceptor)
      yield* Effect.timeoutOption(socketServer.close, Duration.times(limits.drainTimeout, 0.5))
      yield* Fiber.interrupt(acceptor)
      witness.tell({ _tag: "Draining", open: population.members.size, timeout: limits.drainTimeout })
      // What clients sent before now may still be on its way to us: to those accepted last it takes a poll to be read at all.
      yield* socketServer.poll
      yield* socketServer.poll
      for (const conversation of population.members) conversation.stop()
      const left = Duration.subtract(limits.drainTimeout, Duration.millis(timers.now() - began))
      yield* Effect.timeoutOption(population.whenEmpty, left)
      const report = { accepted, cut: population.members.size }
      for (const conversation of population.members) conversation.cut("Cut")
      // So that the last event is the last, if no turn refuses to end.
      yield* Effect.timeoutOption(population.whenEmpty, farewell)
      witness.tell({ _tag: "Stopped", ...report })
      yield* Deferred.succeed(ended, report)
    })

    const limitsNow = (): Limits.Limits => ({ ...limits, maxConnections: population.maxConnections })
    const setLimits = (changes: Limits.Changes): Limits.Limits => {
      const named = Object.entries(changes).filter(([, value]) => value !== undefined)
      limits = Limits.make({ ...limits, ...Object.fromEntries(named) })
      if (changes.maxConnections !== undefined) {
        population.setLimit(grant(options.model.admission(limits).maxConnections))
      }
      const before = { ...owner.times }
      Object.assign(owner.times, timesOf(limits))
      for (const member of population.members) member.timesChanged(before)
      return limitsNow()
    }
    const page = (after: number, limit: number): ReadonlyArray<Served> => {
      const found: Array<Served> = []
      for (const member of population.members) {
        if (found.length >= limit) break
        if (member.id > after) found.push(served(member, timers.now()))
      }
      return found
    }

    // In a fiber of its own: whoever asks for the stop may be interrupted, and the stop goes on.
    const stop = Effect.suspend(() => {
      if (isStopping) return Deferred.await(ended)
      isStopping = true
      return Effect.zipRight(Effect.forkDaemon(Effect.interruptible(drain)), Deferred.await(ended))
    })

    yield* Effect.forkScoped(Effect.zipRight(Deferred.await(lastAnswer), stop))
    if (socketServer.ended !== undefined) yield* Effect.forkScoped(Effect.zipRight(socketServer.ended, stop))
    witness.tell({
      _tag: "Listening",
      address: socketServer.address,
      model: options.model.name,
      protocol: protocol.name
    })
    return {
      name: witness.server,
      address: socketServer.address,
      connections: Effect.sync(() => population.members.size),
      list: Effect.sync(() => Array.from(population.members, (member) => served(member, timers.now()))),
      page: ({ after, limit }) => Effect.sync(() => page(after, limit)),
      totals: Effect.sync(() => tally.totals(population.members)),
      disconnect: (id) => Effect.sync(() => population.disconnect(id)),
      setMaxConnections: (maxConnections) => Effect.sync(() => population.setLimit(grant(maxConnections))),
      limits: Effect.sync(limitsNow),
      setLimits: (changes) => Effect.sync(() => setLimits(changes)),
      stop,
      ended: Deferred.await(ended)
    }
  })

const timesOf = (limits: Limits.Limits) => ({
  idleTimeout: Duration.toMillis(limits.idleTimeout),
  countsSent: limits.idle === "both",
  requestTimeout: Duration.toMillis(limits.requestTimeout),
  writeTimeout: Duration.toMillis(limits.writeTimeout)
})

const served = (
  { bytesIn, connection, id, openedAt, peer, phase, replies, requests }: Member,
  now: number
): Served => ({
  id,
  peer,
  duration: Duration.millis(now - openedAt),
  requests,
  replies,
  bytesIn,
  bytesOut: connection.sent(),
  unsent: connection.unsent(),
  phase: phases[phase]!,
  tls: connection.tls
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
): Effect.Effect<Report, never, SocketServer | Exclude<R, Scope.Scope>> =>
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
