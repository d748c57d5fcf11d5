/**
 * TCP from memory: the SocketServer and the Connector of a network on which everything happens by Effect's Clock and
 * Random, and can be made to go wrong.
 *
 * The short way is `layer`, which gives a program under test both, and changes nothing in it:
 *
 * - `layer(options)`: one network, with a server at `localhost` port 1234 and a host `client` to connect from.
 * - `layerNetwork(conditions)`, `layerServer(options)`, `layerConnector(host)`: the same in parts, for more hosts.
 * - `VirtualNetwork`: `partition` and `heal` hosts, and the `transcript` of all that arrived.
 *
 * Without options nothing takes time and nothing is cut: what is written arrives as it was written, at once, and no test
 * has to move the clock for it. `Peer` is a client to drive by hand; `Simulation` runs a program on a clock that
 * moves by itself; `Explorer` does all this for a scenario, and finds the network on which it breaks.
 *
 * @since 0.1.0
 * @module
 */
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import { format } from "../domain/Address.js"
import type { ConnectError } from "../domain/NetworkError.js"
import { ConnectionRefused, ConnectTimeout, HostNotFound, PortInUse } from "../domain/NetworkError.js"
import * as Conditions from "../domain/testing/Conditions.js"
import * as Transcript from "../domain/testing/Transcript.js"
import type { Connection } from "./Connection.js"
import { Connector } from "./Connector.js"
import { Gate } from "./Gate.js"
import { Observer } from "./Observer.js"
import { SocketServer } from "./SocketServer.js"
import { real, still, Stopwatch } from "./Stopwatch.js"
import type { Endpoint } from "./virtual/Endpoint.js"
import * as EventLoop from "./virtual/EventLoop.js"
import { Network } from "./virtual/Network.js"
import { Witness } from "./Witness.js"

/**
 * Where a virtual server listens.
 *
 * @since 0.1.0
 * @category models
 */
export interface ListenOptions {
  /** Any name. Default: `localhost`. */
  readonly host?: string | undefined
  /** 0 picks a free port. Default: 1234. */
  readonly port?: number | undefined
  /** Clients that wait to be accepted; the next gets no answer, and tries again. Default: 4,096. */
  readonly backlog?: number | undefined
  /** Connections the server can hold at once, as a process has descriptors. Default: unlimited. */
  readonly capacity?: number | undefined
  /**
   * Whether a turn may have its connection encrypted (`Turn.startTls`). There is a handshake, which takes its time and can fail,
   * and no cryptography: what is sent stays readable, and the `tls` of a session has the version `virtual`. Default: false.
   */
  readonly startTls?: boolean | undefined
}

/**
 * What the network is like, and what it tells.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends Conditions.Options {
  /** Print the timeline on stderr if the program that has the network fails, as a failed test does. Default: false. */
  readonly explain?: boolean | undefined
}

/**
 * A network in memory: hosts by any name, reached by nobody outside the program. {@link layer} makes one.
 *
 * @since 0.1.0
 * @category tags
 */
export class VirtualNetwork extends Context.Tag("effect-switchboard/VirtualNetwork")<
  VirtualNetwork,
  {
    /** Listens, for as long as the scope is open. */
    readonly listen: (options?: ListenOptions) => Effect.Effect<typeof SocketServer.Service, PortInUse, Scope.Scope>
    /** The way out from a host. */
    readonly connector: (host: string) => typeof Connector.Service
    /**
     * From now on two hosts do not reach each other: a new connection is not answered, what is sent waits, and a reset is
     * lost. After 70 seconds the server's keep-alive gives its clients up.
     */
    readonly partition: (a: string, b: string) => Effect.Effect<void>
    /** They reach each other again, and what waited arrives. */
    readonly heal: (a: string, b: string) => Effect.Effect<void>
    /** All that has arrived until now. */
    readonly transcript: Effect.Effect<Transcript.Transcript>
  }
>() {}

/**
 * A network without hosts.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  options: Options = {}
): Effect.Effect<typeof VirtualNetwork.Service, never, Scope.Scope> =>
  Effect.gen(function*() {
    const loop = yield* EventLoop.make
    const seed = options.seed ?? (yield* Random.nextIntBetween(0, 2 ** 31))
    const network = new Network(loop, Conditions.make(options), seed)
    if (options.explain === true) {
      yield* Effect.addFinalizer((exit) =>
        Exit.isSuccess(exit) ? Effect.void : Console.error(Transcript.format(network.transcript))
      )
    }
    return VirtualNetwork.of({
      listen: (options) => listen(network, loop, options),
      connector: (host) => connector(network, host),
      partition: (a, b) => Effect.sync(() => network.part(a, b)),
      heal: (a, b) => Effect.sync(() => network.heal(a, b)),
      transcript: Effect.sync(() => network.transcript.slice())
    })
  })

const listen = (
  network: Network,
  loop: EventLoop.EventLoop,
  { backlog = 4096, capacity = Infinity, host = "localhost", port = 1234, startTls = false }: ListenOptions = {}
): Effect.Effect<typeof SocketServer.Service, PortInUse, Scope.Scope> =>
  Effect.gen(function*() {
    const address = { host, port: port === 0 ? network.ephemeral(host) : port }
    const gate = yield* Gate
    const witness = new Witness(format(address), yield* Observer, loop.now, yield* Effect.runtime())
    const waiting = yield* Queue.unbounded<Connection>()
    const open = new Set<Endpoint>()
    const listener = {
      address,
      startTls,
      hasRoom: () => Option.getOrElse(waiting.unsafeSize(), () => 0) < backlog,
      connected: (endpoint: Endpoint): void => {
        const reason = gate.enter(endpoint.peer)
        if (reason !== undefined) {
          witness.tell({ _tag: "Refused", peer: endpoint.peer, reason })
          return loop.soon(() => endpoint.reset())
        }
        open.add(endpoint)
        waiting.unsafeOffer(endpoint)
      },
      gone: (endpoint: Endpoint): void => {
        if (open.delete(endpoint)) gate.leave?.(endpoint.peer)
      }
    }
    const poll = Effect.async<void>((resume) => loop.soon(() => resume(Effect.void)))
    const letGo = Effect.gen(function*() {
      network.unlisten(listener)
      for (const connection of yield* Queue.takeAll(waiting)) connection.reset()
    })
    yield* Effect.acquireRelease(
      Effect.suspend(() => network.listen(listener) ? Effect.void : Effect.fail(new PortInUse({ address }))),
      () =>
        Effect.zipRight(
          letGo,
          Effect.sync(() => {
            for (const endpoint of open) endpoint.reset()
          })
        )
    )
    return SocketServer.of({
      address,
      capacity,
      accept: Queue.take(waiting),
      // Who takes clients takes those that are there by now.
      close: Effect.zipRight(Effect.sync(() => network.unlisten(listener)), Effect.zipRight(poll, letGo)),
      poll
    })
  })

const connector = (network: Network, from: string): typeof Connector.Service => {
  network.hosts.add(from)
  return Connector.of({
    connect: (address, timeout) =>
      Effect.gen(function*() {
        if (address.path !== undefined) return yield* new ConnectionRefused({ address, reason: "not listening" })
        if (!network.hosts.has(address.host)) return yield* new HostNotFound({ address })
        const answer = yield* Deferred.make<void, ConnectError>()
        const attempt = yield* Effect.acquireRelease(
          Effect.sync(() =>
            network.connect(
              from,
              address,
              () => Deferred.unsafeDone(answer, Effect.void),
              () =>
                Deferred.unsafeDone(answer, Effect.fail(new ConnectionRefused({ address, reason: "not listening" })))
            )
          ),
          (attempt) => Effect.sync(() => attempt.abandon())
        )
        yield* Effect.timeoutFail(
          Deferred.await(answer),
          { duration: timeout, onTimeout: () => new ConnectTimeout({ address, timeout }) }
        ).pipe(Effect.onError(() => Effect.sync(() => attempt.abandon())))
        return attempt.endpoint
      })
  })
}

/**
 * A network without hosts.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerNetwork = (options: Options = {}): Layer.Layer<VirtualNetwork> =>
  Layer.scoped(VirtualNetwork, make(options))

/** The same seed gives the same run: what clients get of a server's time must not depend on the machine. */
const withoutWork = Layer.effect(Stopwatch, Effect.map(Stopwatch, (given) => given === real ? still : given))

/**
 * A server's host on the network. Work takes no time there, unless the program has a `Stopwatch` of its own.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerServer = (options: ListenOptions = {}): Layer.Layer<SocketServer, PortInUse, VirtualNetwork> =>
  Layer.merge(
    Layer.scoped(SocketServer, Effect.flatMap(VirtualNetwork, (network) => network.listen(options))),
    withoutWork
  )

/**
 * A client's host on the network.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConnector = (host = "client"): Layer.Layer<Connector, never, VirtualNetwork> =>
  Layer.effect(Connector, Effect.map(VirtualNetwork, (network) => network.connector(host)))

/**
 * A network with one server and one host to connect from, named `client`.
 *
 * @example
 * ```ts
 * import { Client, Echo, Model, Server, TextClient } from "effect-switchboard"
 * import { VirtualNetwork } from "effect-switchboard/testing"
 * import { Effect } from "effect"
 *
 * const program = Effect.gen(function*() {
 *   yield* Server.make(Echo.protocol, { model: Model.select })
 *   const client = yield* Client.make(TextClient.protocol)
 *   return yield* client.ask("hello\n")
 * }).pipe(Effect.scoped, Effect.provide(VirtualNetwork.layer({ latency: "20 millis", segment: 3 })))
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: Options & ListenOptions = {}
): Layer.Layer<VirtualNetwork | SocketServer | Connector> =>
  Layer.provideMerge(Layer.merge(Layer.orDie(layerServer(options)), layerConnector()), layerNetwork(options))
