import type { Socket } from "node:net"
import type { Address } from "../../../domain/Address.js"
import type { Tls } from "../../../domain/Tls.js"
import { HandshakeFailed } from "../../../domain/TlsError.js"
import type { StartTlsError } from "../../Connection.js"
import type { Entrance, Hall } from "../Entrance.js"
import { NodeConnection } from "../socket.js"
import type { Handshakes } from "./Handshakes.js"
import { NodeTlsConnection } from "./NodeTlsConnection.js"

/** What becomes of a handshake: a connection, or an error, told once. */
export type Outcome = NodeTlsConnection | StartTlsError

/** Has the handshake on a socket, paused and read by nobody. `done` comes later; where it fails, the socket closes. */
export type Secure = (raw: Socket, peer: Address, done: (outcome: Outcome) => void) => void

const nothing = new Uint8Array(0)

/**
 * A connection that begins in the clear, and may be encrypted in the middle. Until then it is like any other; from then on all
 * is up to the encrypted one on the same socket.
 */
export class StartTlsConnection extends NodeConnection {
  startTls: ((done: (error?: StartTlsError) => void) => void) | undefined
  private encrypted: NodeTlsConnection | undefined = undefined
  /** A handshake is under way: to whom it is told. */
  private done: ((error?: StartTlsError) => void) | undefined = undefined
  private isPaused = false
  /** Bytes sent in the clear. */
  private inTheClear = 0
  private readonly secure: Secure

  constructor(raw: Socket, peer: Address, secure: Secure, siblings?: Set<NodeConnection>) {
    super(raw, peer, siblings)
    this.secure = secure
    this.startTls = (done) => this.begin(done)
  }

  get tls(): Tls | undefined {
    return this.encrypted?.tls
  }

  private begin(done: (error?: StartTlsError) => void): void {
    const { peer, socket } = this
    this.startTls = undefined
    this.done = done
    socket.pause()
    this.leave()
    // Behind whatever a handshake has to say about the same end.
    socket.once("close", () => setImmediate(() => this.lost()))
    if (socket.readableLength > 0 || socket.readableEnded) {
      const fault = socket.readableEnded ? "hung up" : "injected"
      setImmediate(() => {
        this.settle(new HandshakeFailed({ address: peer, fault }))
        this.reset()
      })
      return
    }
    // What is in the clear goes first.
    socket.write(nothing, () => {
      if (socket.destroyed) return
      this.inTheClear = super.sent()
      this.sink!.drain()
      this.secure(socket, peer, (outcome) => this.settle(outcome))
    })
  }

  private settle(outcome: Outcome): void {
    const { done, sink, siblings } = this
    this.done = undefined
    if ("_tag" in outcome) return done?.(outcome)
    this.encrypted = outcome
    siblings?.delete(this)
    outcome.open(sink!)
    if (this.isPaused) outcome.pause()
    done?.()
  }

  /** The socket is closed in the middle of the handshake. */
  private lost(): void {
    if (this.encrypted !== undefined) return
    const { done, peer, siblings, sink } = this
    this.done = undefined
    siblings?.delete(this)
    done?.(new HandshakeFailed({ address: peer, fault: "hung up" }))
    sink!.closed(this.error)
  }

  override get isOver(): boolean {
    return this.encrypted?.isOver ?? super.isOver
  }

  override pause(): void {
    this.isPaused = true
    if (this.encrypted !== undefined) this.encrypted.pause()
    else if (this.done === undefined) super.pause()
  }

  override resume(): void {
    this.isPaused = false
    if (this.encrypted !== undefined) this.encrypted.resume()
    else if (this.done === undefined) super.resume()
  }

  override write(bytes: string | Uint8Array): void {
    if (this.encrypted !== undefined) this.encrypted.write(bytes)
    else if (this.done === undefined) super.write(bytes)
  }

  override unsent(): number {
    return this.encrypted?.unsent() ?? super.unsent()
  }

  override sent(): number {
    return this.encrypted === undefined ? super.sent() : this.inTheClear + this.encrypted.sent()
  }

  override end(): void {
    if (this.encrypted !== undefined) this.encrypted.end()
    else if (this.done === undefined) super.end()
    // In the middle of a handshake there is no good end.
    else this.close()
  }

  override close(): void {
    if (this.encrypted !== undefined) return this.encrypted.close()
    this.done = this.done && ignore
    super.close()
  }

  override reset(): void {
    if (this.encrypted !== undefined) return this.encrypted.reset()
    this.done = this.done && ignore
    super.reset()
  }

  override probe(): void {
    if (this.encrypted === undefined && this.done === undefined) super.probe()
  }
}

const ignore = (): void => {}

/** A server's connections begin in the clear, and are encrypted by these handshakes. */
export const inTheClear = ({ admit, connections }: Hall, handshakes: Handshakes): Entrance => {
  const secure: Secure = (raw, peer, done) =>
    handshakes.secure(raw, {
      secured: (socket) => done(new NodeTlsConnection(socket, raw, peer, connections)),
      failed: (fault, detail) => done(new HandshakeFailed({ address: peer, fault, cause: detail }))
    })
  return {
    enter: (raw, peer) => admit(new StartTlsConnection(raw, peer, secure, connections)),
    // Whose handshake is under way was let in before.
    closing: () => 0,
    cut: () => {}
  }
}
