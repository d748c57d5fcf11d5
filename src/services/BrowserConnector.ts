/**
 * The Connector of a page: the browser's own WebSocket, which `Client` works over as it does over any other.
 *
 * What a browser does not offer, there is not. It reads on while its page does not keep up: what `Client.paused` holds back
 * is kept here, up to `maxHeld`. It does not say why a connection failed. And behind its own close it hears nothing: ask, and
 * wait for the answers, before `Client.end`.
 *
 * @since 0.2.0
 * @module
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { Address } from "../domain/Address.js"
import { format } from "../domain/Address.js"
import type { ConnectError } from "../domain/NetworkError.js"
import { ConnectFailed, ConnectTimeout } from "../domain/NetworkError.js"
import type { BrowserWebSocket } from "./browser/BrowserConnection.js"
import { BrowserConnection } from "./browser/BrowserConnection.js"
import type { Connection } from "./Connection.js"
import { Connector } from "./Connector.js"
import * as Timers from "./Timers.js"

export type { BrowserWebSocket } from "./browser/BrowserConnection.js"

/**
 * What is asked for; what is left out has its default.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options {
  /** The path and the query that are asked for. Default: that of the address, or `/`. */
  readonly path?: string | undefined
  /** Whether by TLS (`wss:`). Default: as the address says, or as the page itself came. */
  readonly secure?: boolean | undefined
  /** Subprotocols that are offered, the best one first. Default: none. */
  readonly protocols?: ReadonlyArray<string> | undefined
  /** Bytes that are kept while nothing is read; with more the connection is closed. Default: 16 MiB. */
  readonly maxHeld?: number | undefined
  /** What makes a WebSocket. Default: the browser's, of that name. */
  readonly webSocket?: ((url: string, protocols: Array<string>) => BrowserWebSocket) | undefined
}

/**
 * What is needed of a page's `location`.
 *
 * @since 0.2.0
 * @category models
 */
export interface PageLocation {
  /** `http:` or `https:`. */
  readonly protocol: string
  /** An IPv6 address stands in brackets. */
  readonly hostname: string
  /** Empty where it is the protocol's own. */
  readonly port: string
}

/** What a page has, and Node 20 has not. */
interface Page {
  readonly WebSocket: new(url: string, protocols: Array<string>) => BrowserWebSocket
  readonly location?: PageLocation | undefined
}

/**
 * The server that the page is from, for a page that came by HTTP: a client's `host` and `port`. Throws where there is no page.
 *
 * @example
 * ```ts
 * import { BrowserConnector, Client, TextClient } from "effect-switchboard/browser"
 *
 * const program = Client.ask(TextClient.calc, "22 + 44", { ...BrowserConnector.here(), webSocket: "/calc" })
 * ```
 *
 * @since 0.2.0
 * @category constructors
 */
export const here = (
  location: PageLocation | undefined = (globalThis as unknown as Page).location
): { readonly host: string; readonly port: number } => {
  if (location === undefined) throw new Error("there is no page here: say the server's host and port")
  const { hostname, port, protocol } = location
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? protocol === "https:" ? 443 : 80 : Number(port)
  }
}

const urlOf = (address: Address, { path, secure }: Options): string => {
  const { location } = globalThis as unknown as Page
  const scheme = secure ?? address.tls ?? location?.protocol === "https:" ? "wss" : "ws"
  return `${scheme}://${format(address)}${path ?? address.webSocket ?? "/"}`
}

const open = (
  address: Address,
  timeout: Duration.Duration,
  options: Options
): Effect.Effect<Connection, ConnectError, Scope.Scope> =>
  Effect.gen(function*() {
    const scheduler = yield* FiberRef.get(FiberRef.currentScheduler)
    const timers = yield* Timers.make(Effect.sleep(0))
    const make = options.webSocket ??
      ((url, protocols) => new (globalThis as unknown as Page).WebSocket(url, protocols))
    const socket = yield* Effect.acquireRelease(
      Effect.try({
        try: () => make(urlOf(address, options), [...options.protocols ?? []]),
        catch: (cause) => new ConnectFailed({ address, cause })
      }),
      (socket) => Effect.sync(() => socket.close())
    )
    const connection = new BrowserConnection(
      socket,
      address,
      options.maxHeld ?? 16_777_216,
      timers,
      (act) => scheduler.scheduleTask(act, 0)
    )
    yield* Effect.async<void, ConnectError>((resume) => {
      socket.addEventListener("open", () => resume(Effect.void))
      socket.addEventListener("close", () =>
        resume(Effect.fail(
          new ConnectFailed({ address, cause: new Error("the browser does not say why: see its console") })
        )))
    }).pipe(Effect.timeoutFail({ duration: timeout, onTimeout: () => new ConnectTimeout({ address, timeout }) }))
    return connection
  })

/**
 * Connections by the browser's WebSocket, to `WebSocketServer` or any other server that speaks it.
 *
 * @example
 * ```ts
 * import { BrowserConnector, Client, TextClient } from "effect-switchboard/browser"
 * import { Effect } from "effect"
 *
 * const program = Client.ask(TextClient.calc, "22 + 44", { host: "localhost", port: 8080 }).pipe(
 *   Effect.provide(BrowserConnector.layer())
 * )
 * ```
 *
 * @since 0.2.0
 * @category layers
 */
export const layer = (options: Options = {}): Layer.Layer<Connector> =>
  Layer.succeed(Connector, { connect: (address, timeout) => open(address, timeout, options) })
