/**
 * The Connector of the real world, encrypted: TLS 1.2 and 1.3, by `node:tls`.
 *
 * @since 0.2.0
 * @module
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type { Redacted } from "effect/Redacted"
import * as Runtime from "effect/Runtime"
import * as net from "node:net"
import * as tls from "node:tls"
import type { Address } from "../domain/Address.js"
import type { ConnectError } from "../domain/NetworkError.js"
import { ConnectTimeout } from "../domain/NetworkError.js"
import { CertificateUntrusted, CertificateUnusable, HandshakeFailed } from "../domain/TlsError.js"
import type { StartTlsError } from "./Connection.js"
import { Connector } from "./Connector.js"
import { connected, dial } from "./node/dial.js"
import { checked } from "./node/introduction.js"
import type { NodeConnection } from "./node/socket.js"
import { ClientTlsConnection } from "./node/tls/ClientTlsConnection.js"
import { doubtOf, faultOf } from "./node/tls/faults.js"
import { load } from "./node/tls/Identities.js"
import { certificatesOf, read } from "./node/tls/material.js"
import type { Secure } from "./node/tls/StartTlsConnection.js"
import { StartTlsConnection } from "./node/tls/StartTlsConnection.js"
import type { Options as Plain } from "./NodeConnector.js"

/**
 * Whom to believe, and who one is; what is left out has its default.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options extends Plain {
  /** Who may sign a server's certificate: PEM of one or more, or the path of a file of it. Default: those that Node knows. */
  readonly ca?: string | undefined
  /** This client's certificate, for a server that asks for one: PEM, or the path of a file of it. It goes with `key`. */
  readonly cert?: string | undefined
  /** The certificate's key, not encrypted: PEM, or the path of a file of it. */
  readonly key?: string | Redacted | undefined
  /** The name that the server is called by (SNI), and that its certificate must have. Default: the host. */
  readonly servername?: string | undefined
  /** Protocols to offer (ALPN), the dearest first. Default: none is spoken of. */
  readonly protocols?: ReadonlyArray<string> | undefined
  /** Default: `TLSv1.2`. */
  readonly minVersion?: "TLSv1.2" | "TLSv1.3" | undefined
  /** Default: `TLSv1.3`. */
  readonly maxVersion?: "TLSv1.2" | "TLSv1.3" | undefined
  /** Believes any certificate, and so anybody between here and the server: for a try-out only. Default: false. */
  readonly insecure?: boolean | undefined
  /**
   * Whether connections begin in the clear, and are encrypted when somebody says so (`Connection.startTls`). The handshake may
   * take as long as connecting may. Default: false, they are encrypted from the first byte.
   */
  readonly startTls?: boolean | undefined
}

/** Waits for the handshake's end. */
const encrypted = (
  socket: tls.TLSSocket,
  raw: net.Socket,
  address: Address
): Effect.Effect<ClientTlsConnection, StartTlsError> =>
  Effect.async((resume) => {
    const done = (result: Effect.Effect<ClientTlsConnection, StartTlsError>): void => {
      socket.off("close", leave).off("end", leave).off("secureConnect", succeed)
      resume(result)
    }
    const fail = (cause?: unknown): void => done(Effect.fail(handshakeError(address, cause)))
    const leave = (): void => fail()
    const succeed = (): void => {
      socket.off("error", fail)
      socket.pause()
      done(Effect.succeed(new ClientTlsConnection(socket, raw, address)))
    }
    // That for errors stays where there was one: there may be another.
    socket.on("error", fail).on("secureConnect", succeed)
    socket.on("close", leave).on("end", leave)
  })

const handshakeError = (address: Address, cause: unknown): StartTlsError => {
  const doubt = doubtOf(cause)
  if (doubt !== undefined) return new CertificateUntrusted({ address, doubt, cause })
  return new HandshakeFailed({ address, fault: cause === undefined ? "hung up" : faultOf(cause), cause })
}

/** What is the same for all connections. */
const optionsOf = (options: Options): Effect.Effect<tls.ConnectionOptions, CertificateUnusable> =>
  Effect.gen(function*() {
    const { ca, cert, insecure = false, key, protocols, servername } = options
    const { maxVersion = "TLSv1.3", minVersion = "TLSv1.2" } = options
    const authorities = ca === undefined ? undefined : yield* read("the authorities", ca)
    if (ca !== undefined && authorities !== undefined) yield* certificatesOf("the authorities", ca, authorities)
    if (cert !== undefined && key === undefined) {
      yield* new CertificateUnusable({ what: "the key for the certificate", reason: "there is none" })
    }
    const identity = cert === undefined || key === undefined
      ? undefined
      : yield* load({ certificate: cert, key }, { minVersion, maxVersion, authorities })
    return {
      ...(identity?.options ?? { minVersion, maxVersion, ...(authorities === undefined ? {} : { ca: authorities }) }),
      rejectUnauthorized: !insecure,
      ...(protocols === undefined ? {} : { ALPNProtocols: [...protocols] }),
      ...(servername === undefined ? {} : { servername })
    }
  })

/**
 * Connections by TLS. They fail as those of `NodeConnector` do; with `CertificateUntrusted` where the server is not known to be
 * who it should be, and with `HandshakeFailed`, as where it does not speak TLS. The time to connect is that of both the
 * connection and the handshake.
 *
 * @example
 * ```ts
 * import { Client, NodeTlsConnector, TextClient } from "effect-switchboard"
 * import { Effect } from "effect"
 *
 * const program = Client.ask(TextClient.protocol, "22 + 44", { port: 1234 }).pipe(
 *   Effect.provide(NodeTlsConnector.layer({ ca: "authority.crt" }))
 * )
 * ```
 *
 * @since 0.2.0
 * @category layers
 */
export const layer = (options: Options = {}): Layer.Layer<Connector, CertificateUnusable> => {
  const header = options.proxyHeader && checked(options.proxyHeader)
  return Layer.effect(
    Connector,
    Effect.map(optionsOf(options), (shared) =>
      Connector.of({
        connect: (address, timeout) =>
          Effect.gen(function*() {
            const runtime = yield* Effect.runtime()
            const opening = yield* Effect.acquireRelease(
              Effect.map(
                dial(address, timeout),
                (raw) => ({ raw, connection: undefined as NodeConnection | undefined })
              ),
              // Only who has come to an understanding can say good-bye.
              ({ connection, raw }) => Effect.sync(() => connection === undefined ? raw.destroy() : connection.close())
            )
            const { raw } = opening
            const handshake = Effect.suspend(() => {
              const { host } = address
              const socket = tls.connect({
                socket: raw,
                ...(host === undefined ? {} : { host, ...(net.isIP(host) === 0 ? { servername: host } : {}) }),
                ...shared
              })
              return encrypted(socket, raw, address)
            })
            const late = () => new HandshakeFailed({ address, fault: "timed out" })
            const secure: Secure = (_raw, _peer, done) =>
              Runtime.runCallback(runtime)(
                Effect.merge(Effect.timeoutFail(handshake, { duration: timeout, onTimeout: late })),
                {
                  onExit: (exit) => {
                    const outcome = Exit.isSuccess(exit)
                      ? exit.value
                      : new HandshakeFailed({ address, fault: "hung up" })
                    if ("_tag" in outcome) raw.destroy()
                    done(outcome)
                  }
                }
              )
            let isConnected = false
            const opened = Effect.gen(function*() {
              yield* connected(raw, address, timeout, header)
              isConnected = true
              return opening.connection = options.startTls === true
                ? new StartTlsConnection(raw, address, secure)
                : yield* handshake
            })
            return yield* Effect.timeoutFail(opened, {
              duration: timeout,
              onTimeout: (): ConnectError => isConnected ? late() : new ConnectTimeout({ address, timeout })
            })
          })
      }))
  )
}
