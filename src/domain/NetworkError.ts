/**
 * What can go wrong between here and a peer. Each `message` is a sentence that says what to do.
 *
 * @since 0.1.0
 * @module
 */
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import type { Address } from "./Address.js"
import { format } from "./Address.js"
import type { FramingError } from "./Framing.js"
import type { CertificateUntrusted, HandshakeFailed } from "./TlsError.js"

interface Place {
  readonly address: Address
}

/** Another program listens at the port, or the path. @since 0.1.0 @category listening */
export class PortInUse extends Data.TaggedError("PortInUse")<Place> {
  override get message(): string {
    const { host, path, port } = this.address
    return path === undefined
      ? `Port ${port} is already in use on ${host}: stop the other program, or choose another port.`
      : `${format({ path })} is already in use: stop the other program, or choose another path.`
  }
}

/**
 * The address, or the name's, belongs to no interface of this machine; no address is known for the name; or there is no
 * folder for the socket.
 *
 * @since 0.1.0
 * @category listening
 */
export class AddressUnavailable extends Data.TaggedError("AddressUnavailable")<
  Place & {
    /** Default: `not ours`. */
    readonly reason?: "not ours" | "not found" | undefined
  }
> {
  override get message(): string {
    const { host, path } = this.address
    if (path !== undefined) {
      return `${format({ path })} cannot be made: there is no such folder. Make it, or choose another path.`
    }
    return this.reason === "not found"
      ? `The host ${host} was not found: check its spelling, or give an address of this machine, such as 127.0.0.1.`
      : `The address ${host} is not one of this machine's: choose one that is, such as 127.0.0.1.`
  }
}

/**
 * The system keeps the port for others, as most do with those below 1024, or the folder.
 *
 * @since 0.1.0
 * @category listening
 */
export class PermissionDenied extends Data.TaggedError("PermissionDenied")<Place> {
  override get message(): string {
    const { host, path, port } = this.address
    return path === undefined
      ? `This user may not listen on port ${port} of ${host}: choose a port from 1024 up.`
      : `This user may not listen at ${format({ path })}: choose a folder of this user's.`
  }
}

/** Any other failure of the operating system to listen. @since 0.1.0 @category listening */
export class ListenFailed extends Data.TaggedError("ListenFailed")<Place & { readonly cause: unknown }> {
  override get message(): string {
    return `Could not listen on ${format(this.address)}: ${
      this.cause instanceof Error ? this.cause.message : String(this.cause)
    }.`
  }
}

/** Why a server could not begin to listen. @since 0.1.0 @category listening */
export type ListenError = PortInUse | AddressUnavailable | PermissionDenied | ListenFailed

/**
 * No server listens there, or the one that does turned the connection away, by a reset before it said anything.
 *
 * @since 0.1.0
 * @category connecting
 */
export class ConnectionRefused extends Data.TaggedError("ConnectionRefused")<
  Place & { readonly reason: "not listening" | "turned away" }
> {
  override get message(): string {
    return this.reason === "not listening"
      ? `Nothing listens on ${format(this.address)}: start the server, or check the ${
        this.address.path === undefined ? "host and port" : "path"
      }.`
      : `The server at ${
        format(this.address)
      } refused the connection: it is busy with others, or has stopped. Try again later.`
  }
}

/**
 * The host did not answer in time: it is off, far away, or behind something that drops what is sent.
 *
 * @since 0.1.0
 * @category connecting
 */
export class ConnectTimeout
  extends Data.TaggedError("ConnectTimeout")<Place & { readonly timeout: Duration.Duration }>
{
  override get message(): string {
    return `No answer from ${format(this.address)} within ${
      Duration.format(this.timeout)
    }: check the address, or allow more time.`
  }
}

/** No address is known for the name. @since 0.1.0 @category connecting */
export class HostNotFound extends Data.TaggedError("HostNotFound")<Place> {
  override get message(): string {
    return `The host ${this.address.host} was not found: check its spelling, or give its address.`
  }
}

/** Any other failure to connect, such as a network that is down. @since 0.1.0 @category connecting */
export class ConnectFailed extends Data.TaggedError("ConnectFailed")<Place & { readonly cause: unknown }> {
  override get message(): string {
    return `Could not connect to ${format(this.address)}: ${
      this.cause instanceof Error ? this.cause.message : String(this.cause)
    }.`
  }
}

/** Why there is no connection to talk on; the last two only by TLS. @since 0.1.0 @category connecting */
export type ConnectError =
  | ConnectionRefused
  | ConnectTimeout
  | HostNotFound
  | ConnectFailed
  | CertificateUntrusted
  | HandshakeFailed

/** The peer cut the connection with a reset, or the network did. @since 0.1.0 @category conversing */
export class ConnectionReset extends Data.TaggedError("ConnectionReset")<
  Place & {
    /** What the peer said about it, as it may by TLS. */
    readonly reason?: string | undefined
  }
> {
  override get message(): string {
    return `The connection to ${format(this.address)} was cut: ${this.reason ?? "connect again"}.`
  }
}

/** The peer closed the connection in good order, while more was expected. @since 0.1.0 @category conversing */
export class ConnectionClosed extends Data.TaggedError("ConnectionClosed")<
  Place & {
    /** What the peer said about it, as it may by a WebSocket. */
    readonly reason?: string | undefined
  }
> {
  override get message(): string {
    return `The server at ${format(this.address)} closed the connection${
      this.reason === undefined ? "" : `: ${this.reason}`
    }.`
  }
}

/** The connection stands, and the reply that was awaited did not come in time. @since 0.1.0 @category conversing */
export class ReplyTimeout extends Data.TaggedError("ReplyTimeout")<Place & { readonly timeout: Duration.Duration }> {
  override get message(): string {
    return `No reply from ${format(this.address)} within ${
      Duration.format(this.timeout)
    }: the server is slow, or speaks another protocol.`
  }
}

/**
 * The server owes more replies than `maxOverdue` to requests for which nobody waits any more, so the connection is given up.
 *
 * @since 0.2.0
 * @category conversing
 */
export class Unresponsive extends Data.TaggedError("Unresponsive")<Place & { readonly overdue: number }> {
  override get message(): string {
    return `The server at ${
      format(this.address)
    } still owes ${this.overdue} replies: it is overloaded, or hangs. Connect again.`
  }
}

/**
 * How a connection ends while more is expected of it: refused, cut, closed in good order, or given up.
 *
 * Refused is who was never served: who was sent a reset before any byte. So servers turn away a client too many, so the
 * kernel tells those who still waited at a server that ended, and so a request ends that nobody had read. A server that
 * hangs up in good order, though it said nothing, has served: its protocol failed over the request, or it is a server
 * that stops. One of this package's that cuts a client in its first request, as at the end of a drain, says so by a FIN
 * before the reset. Any other server that does so, or one that is killed while more of the client's is unread, looks as if
 * it had refused: what is sent is acknowledged by the kernel, whether anybody reads it or not.
 *
 * @since 0.1.0
 * @category conversing
 */
export type Disconnected = ConnectionRefused | ConnectionReset | ConnectionClosed | Unresponsive

/**
 * There is a connection, but what a client is to say on it before anything else has failed: a login, say.
 *
 * @since 0.2.0
 * @category conversing
 */
export class GreetingFailed extends Data.TaggedError("GreetingFailed")<Place & { readonly cause: unknown }> {
  override get message(): string {
    const why = this.cause instanceof Error ? this.cause.message : String(this.cause)
    return `The greeting of ${format(this.address)} failed: ${why.replace(/\.$/, "")}.`
  }
}

/**
 * A client that connects by itself has no connection: it is still making one, and this request is not to wait for it, or
 * too many wait already; or it has given up, of which `cause` is the last reason.
 *
 * @since 0.2.0
 * @category conversing
 */
export class NotConnected extends Data.TaggedError("NotConnected")<
  Place & {
    readonly reason: "connecting" | "too many wait" | "given up"
    readonly cause?: ConnectError | GreetingFailed | Disconnected | FramingError | undefined
  }
> {
  override get message(): string {
    switch (this.reason) {
      case "connecting":
        return `There is no connection to ${format(this.address)} yet: it is being made. Try again later.`
      case "too many wait":
        return `There is no connection to ${
          format(this.address)
        } yet, and as many requests wait for it as may. Try again later.`
      default:
        return `No more attempts are made to connect to ${format(this.address)}.${
          this.cause === undefined ? "" : ` The last ended so: ${this.cause.message}`
        }`
    }
  }
}
