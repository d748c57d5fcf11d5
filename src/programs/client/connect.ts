import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import type * as Scope from "effect/Scope"
import type { Address } from "../../domain/Address.js"
import type { Framing } from "../../domain/Framing.js"
import type { ConnectError } from "../../domain/NetworkError.js"
import { Connector } from "../../services/Connector.js"
import * as Timers from "../../services/Timers.js"
import type { Options } from "./Caller.js"
import { Exchange } from "./Exchange.js"

/** Where the server is. */
export const addressOf = ({ host = "localhost", path, port = 1234, webSocket }: Options): Address => {
  if (path !== undefined) return { path }
  return webSocket === undefined ? { host, port } : { host, port, webSocket }
}

/** For the connection, and for each reply. */
export const timeoutOf = ({ timeout = "2 seconds" }: Options): Duration.Duration => Duration.decode(timeout)

/** Connects; the connection is closed with the scope. */
export const connect = <In, Out>(
  framing: Framing<In, Out>,
  options: Options
): Effect.Effect<Exchange<In, Out>, ConnectError, Connector | Scope.Scope> =>
  Effect.gen(function*() {
    const address = addressOf(options)
    const timeout = timeoutOf(options)
    const timers = yield* Timers.make(Effect.sleep(0))
    const scheduler = yield* FiberRef.get(FiberRef.currentScheduler)
    const connection = yield* Effect.flatMap(Connector, (connector) => connector.connect(address, timeout))
    const codec = framing.open(options.maxFrame ?? 1_048_576)
    return yield* Effect.acquireRelease(
      Effect.sync(() =>
        new Exchange(address, connection, codec, timers, scheduler, {
          timeout: Duration.toMillis(timeout),
          maxOverdue: options.maxOverdue ?? 1000,
          isLateReceived: options.late === "receive"
        })
      ),
      (exchange) => Effect.sync(() => exchange.close())
    )
  })
