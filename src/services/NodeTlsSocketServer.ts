/**
 * The SocketServer of the real world, encrypted: TLS 1.2 and 1.3, by `node:tls`, from the first byte or in the middle
 * (STARTTLS).
 *
 * @since 0.2.0
 * @module
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Redacted } from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as tls from "node:tls"
import type { ListenError } from "../domain/NetworkError.js"
import type { CertificateUnusable } from "../domain/TlsError.js"
import * as MonotonicTime from "./MonotonicTime.js"
import * as socketServer from "./node/socketServer.js"
import { signature } from "./node/tls/files.js"
import { Handshakes } from "./node/tls/Handshakes.js"
import { expired, load, named } from "./node/tls/Identities.js"
import { certificatesOf, read } from "./node/tls/material.js"
import { inTheClear } from "./node/tls/StartTlsConnection.js"
import type { Options as Place } from "./NodeSocketServer.js"
import { SocketServer } from "./SocketServer.js"

/**
 * Who a server is. Each is PEM, or the path of a file that holds it; those of authorities between may stand behind the
 * certificate. The key is not encrypted.
 *
 * @since 0.2.0
 * @category models
 */
export interface Identity {
  readonly certificate: string
  readonly key: string | Redacted
}

/**
 * Whether clients show a certificate, too. `request`: those who have one show it; `require`: nobody else gets in. One that
 * none of the authorities has signed is refused by either. Who somebody is stands in the `Session`, as `tls.certificate`.
 *
 * @since 0.2.0
 * @category models
 */
export interface Clients {
  readonly certificate: "request" | "require"
  /** Those who may sign them: PEM of one or more, or the path of a file of it. */
  readonly authorities: string
}

/**
 * Where to listen, who one is, and what is asked of clients; what is left out has its default.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options extends Place {
  /**
   * One identity or several: a client that calls for a name (SNI) is shown the first that has it, and any other client the
   * first of all.
   */
  readonly identity: Identity | readonly [Identity, ...Array<Identity>]
  /** Default: clients are not asked who they are. */
  readonly clients?: Clients | undefined
  /** Protocols to choose from (ALPN), the dearest first. A client that offers others only is refused. Default: none is spoken of. */
  readonly protocols?: ReadonlyArray<string> | undefined
  /** Default: `TLSv1.2`. */
  readonly minVersion?: "TLSv1.2" | "TLSv1.3" | undefined
  /** Default: `TLSv1.3`. */
  readonly maxVersion?: "TLSv1.2" | "TLSv1.3" | undefined
  /**
   * How long a client may take to get through the handshake, kept to a tenth of it. While others wait for one, whoever has
   * begun has a tenth. Default: 10 seconds.
   */
  readonly handshakeTimeout?: Duration.DurationInput | undefined
  /** Handshakes under way at once; further clients wait for theirs, and cost no more than a socket. Default: 256. */
  readonly maxHandshakes?: number | undefined
  /** How often the files are looked at: where they have changed, they are read anew. Default: never. */
  readonly watch?: Duration.DurationInput | undefined
  /**
   * Whether connections begin in the clear, as by `NodeSocketServer`, and are encrypted when their protocol says so
   * (`Turn.startTls`). All the above holds from there on. Default: false, they are encrypted from the first byte.
   */
  readonly startTls?: boolean | undefined
}

/**
 * The certificates that a server shows, to be replaced while it serves. Connections stay as they are, and so do
 * handshakes under way; nobody can resume a session of before.
 *
 * @since 0.2.0
 * @category tags
 */
export class Certificates extends Context.Tag("effect-switchboard/Certificates")<
  Certificates,
  {
    /** Reads the same files again. Where they cannot be used, or have expired, what was shown before still is. */
    readonly reload: Effect.Effect<void, CertificateUnusable>
    /** Shows others from now on; likewise. */
    readonly replace: (identity: Options["identity"]) => Effect.Effect<void, CertificateUnusable>
  }
>() {}

const listed = (identity: Options["identity"]): readonly [Identity, ...Array<Identity>] =>
  "certificate" in identity ? [identity] : identity

/**
 * Listens, for as long as the scope is open.
 *
 * Fails as `NodeSocketServer.make` does, or with `CertificateUnusable`; nothing is left open then. A client that does not get
 * through the handshake is told to the Observer, as `HandshakeFailed`; one that does so in the middle, as `Encrypted`.
 *
 * @since 0.2.0
 * @category constructors
 */
export const make = (
  options: Options
): Effect.Effect<
  typeof SocketServer.Service & typeof Certificates.Service,
  ListenError | CertificateUnusable,
  Scope.Scope
> =>
  Effect.gen(function*() {
    const { clients, maxVersion = "TLSv1.3", minVersion = "TLSv1.2", protocols, startTls = false } = options
    const clock = yield* Effect.clock
    const timeout = Duration.toMillis(options.handshakeTimeout ?? "10 seconds")
    const loadAll = (identity: Options["identity"]) =>
      Effect.gen(function*() {
        const authorities = clients === undefined ? undefined : yield* authoritiesOf(clients.authorities)
        const [first, ...others] = listed(identity)
        const ready = (one: Identity) => load(one, { minVersion, maxVersion, authorities })
        return [yield* ready(first), ...(yield* Effect.forEach(others, ready))] as const
      })
    let shown = yield* loadAll(options.identity)

    const server = tls.createServer({
      ...shown[0].options,
      pauseOnConnect: true,
      // Kept by `Handshakes`, which knows who is under way.
      handshakeTimeout: 2 ** 31 - 1,
      SNICallback: (serverName, done) => done(null, named(shown, serverName).context),
      ...(protocols === undefined ? {} : { ALPNProtocols: [...protocols] }),
      ...(clients === undefined ? {} : { requestCert: true, rejectUnauthorized: clients.certificate === "require" })
    })

    let handshakes: Handshakes | undefined = undefined
    const limits = { now: MonotonicTime.millis(clock), timeout, max: options.maxHandshakes ?? 256 }
    const listening = yield* socketServer.make(options, (hall) => {
      handshakes = new Handshakes(hall, server, limits)
      return startTls ? inTheClear(hall, handshakes) : handshakes
    })
    if (Number.isFinite(timeout)) {
      yield* every(Duration.millis(timeout / 10), Effect.sync(() => handshakes?.sweep()))
    }

    const replace = (identity: Options["identity"]) =>
      Effect.gen(function*() {
        const loaded = yield* loadAll(identity)
        const now = yield* Effect.map(Effect.clock, (clock) => clock.unsafeCurrentTimeMillis())
        for (const [i, one] of listed(identity).entries()) {
          const error = expired(loaded[i]!, one, now)
          if (error !== undefined) yield* error
        }
        server.setSecureContext(loaded[0].options)
        shown = loaded
        handshakes?.tell({
          _tag: "CertificatesChanged",
          validTo: new Date(Math.min(...loaded.map(({ x509 }) => Date.parse(x509.validTo))))
        })
      }).pipe(
        Effect.tapError((error) => Effect.sync(() => handshakes?.tell({ _tag: "CertificatesRejected", error })))
      )
    if (options.watch !== undefined) {
      const files = (clients === undefined ? [] : [clients.authorities]).concat(
        listed(options.identity).flatMap((
          { certificate, key }
        ) => [certificate, ...(typeof key === "string" ? [key] : [])])
      )
      let seen = signature(files)
      const look = Effect.suspend(() => {
        const before = seen
        seen = signature(files)
        return seen === before ? Effect.void : Effect.ignore(replace(options.identity))
      })
      yield* every(Duration.decode(options.watch), look)
    }
    const { address } = listening
    return {
      ...listening,
      address: address.path === undefined && !startTls ? { ...address, tls: true } : address,
      reload: replace(options.identity),
      replace
    }
  })

const every = (time: Duration.Duration, effect: Effect.Effect<void>): Effect.Effect<void, never, Scope.Scope> =>
  Effect.asVoid(Effect.forkScoped(Effect.interruptible(Effect.forever(Effect.delay(effect, time)))))

const authoritiesOf = (given: string): Effect.Effect<string, CertificateUnusable> =>
  Effect.flatMap(
    read("the authorities", given),
    (pem) => Effect.as(certificatesOf("the authorities", given, pem), pem)
  )

/**
 * Listens on a port of this machine, by TLS, for as long as the layer's scope is open.
 *
 * @example
 * ```ts
 * import { NodeTlsSocketServer } from "effect-switchboard"
 *
 * const encrypted = NodeTlsSocketServer.layer({
 *   port: 1234,
 *   identity: { certificate: "server.crt", key: "server.key" },
 *   clients: { certificate: "require", authorities: "clients.crt" }
 * })
 * ```
 *
 * @since 0.2.0
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<SocketServer | Certificates, ListenError | CertificateUnusable> =>
  Layer.scopedContext(
    Effect.map(make(options), (server) => Context.make(SocketServer, server).pipe(Context.add(Certificates, server)))
  )
