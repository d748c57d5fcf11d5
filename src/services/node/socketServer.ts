import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as net from "node:net"
import { format } from "../../domain/Address.js"
import type { ListenError } from "../../domain/NetworkError.js"
import { highWaterMark } from "../Connection.js"
import * as Gate from "../Gate.js"
import * as MonotonicTime from "../MonotonicTime.js"
import { Observer } from "../Observer.js"
import { SocketServer } from "../SocketServer.js"
import { Witness } from "../Witness.js"
import { backlog as usualBacklog, closeBacklog } from "./backlog.js"
import { capacity, descriptorLimit, descriptorOf, reserve } from "./descriptors.js"
import type { Entrance, Hall } from "./Entrance.js"
import { Guarded } from "./Guarded.js"
import { handDown, setOn } from "./handedDown.js"
import { inherit } from "./inherit.js"
import { listen } from "./listen.js"
import type { Place } from "./place.js"
import { asked, bound, boundOf, peerOf } from "./place.js"
import { poll } from "./poll.js"
import type { Proxies } from "./Proxied.js"
import { Proxied } from "./Proxied.js"
import { NodeConnection } from "./socket.js"
import { Waiting } from "./Waiting.js"

/** Where to listen, for every server on Node's sockets. */
export interface Options extends Place {
  readonly backlog?: number | undefined
  readonly proxies?: Proxies | undefined
  readonly leaving?: Effect.Effect<void> | undefined
}

/**
 * How often those who wait to be accepted are looked at. Who has reset is let go then; who has just left cannot be told from who
 * has only finished, until the kernel's own keep-alive finds nobody there any more.
 */
const watch = Duration.seconds(10)

/** Listens, for as long as the scope is open. Whoever comes in does so by the entrance. */
export const make = (
  options: Options,
  entrance: (hall: Hall) => Entrance
): Effect.Effect<typeof SocketServer.Service, ListenError, Scope.Scope> =>
  Effect.gen(function*() {
    const { backlog = usualBacklog, connection } = options
    const observer = yield* Observer
    const gate = yield* Gate.Gate
    const runtime = yield* Effect.runtime()
    const now = MonotonicTime.millis(yield* Effect.clock)
    const limit = descriptorLimit()
    const waiting = new Waiting()
    const connections = new Set<NodeConnection>()
    const ended = yield* Deferred.make<void>()
    let arrived = 0
    let turnedAway = 0
    let toldAt = -Infinity
    let hasLeft = false
    let isHandedDown = false
    let address = asked(options)

    const server = net.createServer({
      allowHalfOpen: true,
      pauseOnConnect: true,
      highWaterMark
    })

    const tell: Hall["tell"] = (what) => new Witness(format(address), observer, now, runtime).tell(what)

    // Past this point the operating system would drop clients without a word, and could drop other files of ours.
    const exhausted = (): void => {
      turnedAway++
      if (now() - toldAt < 1000) return
      tell({ _tag: "Exhausted", refused: turnedAway })
      turnedAway = 0
      toldAt = now()
    }

    const hall: Hall = { connections, admit: (connection) => waiting.add(connection), tell }
    const inner = gate === Gate.open ? entrance(hall) : new Guarded(hall, entrance(hall), gate)
    const way = options.proxies === undefined ? inner : new Proxied(hall, inner, options.proxies)

    server.on("connection", (socket) => {
      arrived++
      // The kernel may have taken in so many before the options were set on what listens.
      if (!isHandedDown || arrived <= backlog + 1) setOn(socket)
      const peer = peerOf(socket, address)
      if (descriptorOf(socket) < limit - reserve) return way.enter(socket, peer)
      new NodeConnection(socket, peer, connections).reset()
      exhausted()
    })

    const rest = Effect.async<void>((resume) => {
      const timer = setTimeout(() => resume(Effect.void), 1)
      return Effect.sync(() => clearTimeout(timer))
    })

    const letGo = Effect.sync(() => {
      server.close()
      way.cut()
      waiting.reset()
    })

    // The kernel has accepted clients that this process has not: closing resets them, though they may have asked already.
    const takeIn = Effect.gen(function*() {
      closeBacklog(server)
      // Node accepts one client a round, and the first poll may end in the round under way.
      for (let quiet = 0; quiet < 2;) {
        const before = arrived
        yield* poll
        const between = way.closing()
        quiet = arrived === before && between === 0 ? quiet + 1 : 0
        // It is the clients' turn.
        if (between > 0) yield* rest
      }
    })

    // Who has come in already stays, and so does who is between.
    const leave = Effect.sync(() => {
      hasLeft = true
      server.close()
    })

    const close = Effect.ensuring(
      Effect.when(takeIn, () => server.listening || hasLeft || connection !== undefined),
      letGo
    )

    /** Takes in the one connection that there is, in the place of listening. */
    const takeOne = (descriptor: number) =>
      Effect.map(inherit(descriptor), (socket) => {
        address = boundOf(socket, descriptor)
        socket.once("close", () => Deferred.unsafeDone(ended, Effect.void))
        server.emit("connection", socket)
      })

    yield* Effect.acquireRelease(
      connection === undefined ? listen(server, options, backlog) : takeOne(connection),
      () =>
        Effect.zipRight(
          letGo,
          Effect.sync(() => {
            for (const connection of connections) connection.reset()
          })
        )
    )
    server.on("error", () => exhausted())
    if (connection === undefined) address = bound(server, options)
    // Before a socket that was handed over any number may wait.
    isHandedDown = options.fd === undefined && handDown(server)
    const lookAfter = Effect.sync(() => waiting.lookAfter())
    yield* Effect.forkScoped(Effect.interruptible(Effect.forever(Effect.delay(lookAfter, watch))))
    yield* Effect.forkScoped(Effect.interruptible(Effect.zipRight(options.leaving ?? Effect.never, leave)))

    return SocketServer.of({
      address,
      capacity: capacity(),
      accept: waiting.next,
      close,
      ended: connection === undefined ? undefined : Deferred.await(ended),
      poll
    })
  })
