import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ClientProtocol } from "../../domain/ClientProtocol.js"
import type { ConnectError } from "../../domain/NetworkError.js"
import { GreetingFailed, ReplyTimeout } from "../../domain/NetworkError.js"
import type { Connector } from "../../services/Connector.js"
import type { Client, Options } from "./Caller.js"
import { addressOf, connect, timeoutOf } from "./connect.js"
import type { Exchange } from "./Exchange.js"
import { speaking } from "./speaking.js"

/**
 * What is said on every new connection before anything else.
 *
 * @since 0.2.0
 * @category models
 */
export interface Greeting<out Request, in Reply, in E = never, in R = never, out R2 = never> {
  /**
   * Logs in, subscribes, or takes the server's welcome: requests come behind it. Within `timeout`; where it fails, the
   * connection is none, and the reason a `GreetingFailed`.
   */
  readonly greet?: ((client: Client<Request, Reply, E, R>) => Effect.Effect<unknown, unknown, R2>) | undefined
}

/** Connects and greets; the connection is closed with the scope, or where the greeting fails. */
export const connectAndGreet = <Request, Reply, In, Out, E, R, R2>(
  protocol: ClientProtocol<Request, Reply, In, Out, E, R>,
  options: Options & Greeting<Request, Reply, E, R, R2>
): Effect.Effect<Exchange<In, Out>, ConnectError | GreetingFailed, Connector | Scope.Scope | R2> => {
  const { greet } = options
  const connected = connect(protocol.framing, options)
  if (greet === undefined) return connected
  const address = addressOf(options)
  const timeout = timeoutOf(options)
  return Effect.tap(connected, (exchange) =>
    Effect.suspend(() => greet(speaking(protocol, address, exchange))).pipe(
      Effect.timeoutFail({ duration: timeout, onTimeout: () => new ReplyTimeout({ address, timeout }) }),
      Effect.mapError((cause) => new GreetingFailed({ address, cause })),
      Effect.onError(() => Effect.sync(() => exchange.hangUp()))
    ))
}
