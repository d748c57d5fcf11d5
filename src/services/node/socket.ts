import type { Socket } from "node:net"
import type { Address } from "../../domain/Address.js"
import { ConnectionReset } from "../../domain/NetworkError.js"
import type { Connection, Sink } from "../Connection.js"
import { highWaterMark } from "../Connection.js"

const nothing = new Uint8Array(0)

const connection: unique symbol = Symbol("connection")

interface Held extends Socket {
  [connection]: NodeConnection
}

/** Whether the socket is a unix one. Behind a proxy the peer is somebody further off, who may have come by another. */
const isUnix = ({ peer }: NodeConnection): boolean => (peer.via ?? peer).path !== undefined

/** Whether it is a server's connection, at a unix socket. */
const isUnixClient = (connection: NodeConnection): boolean => isUnix(connection) && connection.siblings !== undefined

// Listeners are shared by all sockets: ten thousand idle clients should not cost five closures each.
function onData(this: Held, chunk: Buffer): void {
  this[connection].sink!.data(chunk)
}
function onEnd(this: Held): void {
  this[connection].sink!.end()
  // Who has closed a unix socket has not only finished: the kernel says so where something is written.
  if (isUnixClient(this[connection])) this[connection].probe()
}
function onDrain(this: Held): void {
  this[connection].sink!.drain()
}
function onError(this: Held, cause: NodeJS.ErrnoException): void {
  // That a unix socket's peer is gone is no fault: it has but one way to leave.
  if (isUnixClient(this[connection]) && cause.code === "EPIPE") return
  this[connection].failed(cause)
}
function onClose(this: Held): void {
  this[connection].siblings?.delete(this[connection])
  this[connection].sink?.closed(this[connection].error)
}

/** A `node:net` socket as a Connection. It must be paused, and made with `allowHalfOpen`. */
export class NodeConnection implements Connection {
  readonly peer: Address
  sink: Sink | undefined = undefined
  error: ConnectionReset | undefined = undefined
  readonly siblings: Set<NodeConnection> | undefined
  protected readonly socket: Socket

  /** It is one of its `siblings` until it is over. */
  constructor(socket: Socket, peer: Address, siblings?: Set<NodeConnection>) {
    this.socket = socket
    this.peer = peer
    this.siblings = siblings
    siblings?.add(this)
    Object.assign(socket, { [connection]: this })
    // At once: a reset that comes before anyone serves this client must not be an uncaught error.
    socket.on("error", onError)
    socket.on("close", onClose)
  }

  /** The socket says so, and closes. */
  failed(_cause: Error): void {
    this.error = new ConnectionReset({ address: this.peer })
  }

  open(sink: Sink): void {
    this.sink = sink
    if (this.socket.closed) {
      setImmediate(() => sink.closed(this.error))
      return
    }
    this.socket.on("data", onData)
    this.socket.on("end", onEnd)
    this.socket.on("drain", onDrain)
    this.socket.resume()
  }

  /** Is told nothing more of the socket but its errors. */
  protected leave(): void {
    this.socket.off("data", onData).off("end", onEnd).off("drain", onDrain).off("close", onClose)
  }

  /** Whether it is over, for both sides. */
  get isOver(): boolean {
    return this.socket.destroyed
  }

  /** Ends it if the peer has reset it, which nobody is told of a socket that is not read: a write of nothing finds out. */
  probe(): void {
    if (this.socket.writable) this.socket.write(nothing)
  }

  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  write(bytes: string | Uint8Array): void {
    const { socket } = this
    if (!socket.writable || !socket.write(bytes) || socket.writableLength < highWaterMark) return
    // One with a higher mark than ours, as an app's own server may have, does not say when this is sent.
    socket.write(nothing, (error) => {
      if (error == null && socket.writableLength < highWaterMark) this.sink?.drain()
    })
  }

  unsent(): number {
    const queued = this.socket.writableLength
    return queued === 0 ? 0 : queued - this.taken()
  }

  /** Bytes of the write under way, which `writableLength` counts until all of it is taken. */
  protected underWay(): number {
    const { _writableState } = this.socket as Socket & { readonly _writableState?: { readonly writelen?: number } }
    return _writableState?.writelen ?? 0
  }

  /**
   * What the kernel has taken of the write under way: a client that reads a large reply slowly is not one that reads nothing.
   * 0 where Node does not show it.
   */
  protected taken(): number {
    const { _handle } = this.socket as Socket & { readonly _handle?: { readonly writeQueueSize?: number } | null }
    const left = _handle?.writeQueueSize
    return left === undefined ? 0 : Math.max(0, this.underWay() - left)
  }

  sent(): number {
    return this.socket.bytesWritten - this.unsent()
  }

  end(): void {
    this.socket.end()
  }

  reset(): void {
    // A unix socket has no reset: a peer whose bytes were not read is told of one all the same, by the kernel.
    if (isUnix(this)) return void this.socket.destroy()
    // While its FIN is on its way, libuv refuses to reset a socket (EINVAL), and Node then loses it: it would never be closed.
    const { writableEnded, writableFinished, writableLength } = this.socket
    if (writableEnded && !writableFinished && writableLength === 0) {
      this.socket.once("finish", () => this.cut())
    } else {
      this.cut()
    }
  }

  protected cut(): void {
    this.socket.resetAndDestroy()
  }

  close(): void {
    this.socket.destroySoon()
  }
}
