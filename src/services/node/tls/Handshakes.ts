import type { Socket } from "node:net"
import type { Server, TLSSocket } from "node:tls"
import type { Address } from "../../../domain/Address.js"
import type { What } from "../../../domain/ServerEvent.js"
import type { HandshakeFault } from "../../../domain/TlsError.js"
import type { Entrance, Hall } from "../Entrance.js"
import { faultOf, wordsOf } from "./faults.js"
import { awaitHello } from "./hello.js"
import { NodeTlsConnection } from "./NodeTlsConnection.js"

/** A fatal alert, "unexpected message", for who does not speak TLS, but may know it when they see it (RFC 8446, section 6). */
const alert = Uint8Array.of(0x15, 3, 3, 0, 2, 2, 10)

/** A silent client is let go when the server closes, but for one whose first bytes may have come in this moment. */
const looks = 3

/** What becomes of a handshake: one of the two is told, once. */
export interface Told {
  readonly secured: (socket: TLSSocket) => void
  /** The socket is closed, or will be. `detail` is in OpenSSL's words. */
  readonly failed: (fault: HandshakeFault, detail?: string) => void
}

interface Handshake {
  readonly raw: Socket
  readonly told: Told
  readonly onClose: () => void
  stage: "silent" | "waiting" | "under way"
  /** When it came, later by as long as it had to wait; and when it was begun. */
  since: number
  begun: number
  looks: number
}

const ignore = (): void => {}

/**
 * What leads to an encrypted connection. A client is read until it has said its whole hello; only then is a handshake begun
 * with it, and only so many at a time. Those above wait, paused: a flood of handshakes that go no further turns nobody
 * else away.
 */
export class Handshakes implements Entrance {
  private readonly hall: Hall
  private readonly tls: Server
  private readonly now: () => number
  private readonly timeout: number
  private readonly max: number
  /** In the order they came. */
  private readonly handshakes = new Map<Socket, Handshake>()
  private readonly queue: Array<Handshake> = []
  private underWay = 0

  /** `timeout` is in milliseconds of `now`, and kept by whoever calls `sweep`. */
  constructor(
    hall: Hall,
    tls: Server,
    options: { readonly now: () => number; readonly timeout: number; readonly max: number }
  ) {
    this.hall = hall
    this.tls = tls
    this.now = options.now
    this.timeout = options.timeout
    this.max = options.max
    tls.on("secureConnection", (socket) => this.secured(socket))
    tls.on("tlsClientError", (error, socket) => this.failed(error, socket))
  }

  tell(what: What): void {
    this.hall.tell(what)
  }

  readonly enter = (raw: Socket, peer: Address): void => {
    const { admit, connections, tell } = this.hall
    this.secure(raw, {
      secured: (socket) => admit(new NodeTlsConnection(socket, raw, peer, connections)),
      failed: (fault, detail) =>
        tell({ _tag: "HandshakeFailed", peer, fault, ...(detail === undefined ? {} : { detail }) })
    })
  }

  /** A handshake on a socket that is paused, and read by nobody. */
  secure(raw: Socket, told: Told): void {
    const since = this.now()
    const handshake: Handshake = {
      raw,
      told,
      onClose: () => this.fail(handshake, "hung up"),
      stage: "silent",
      since,
      begun: since,
      looks: 0
    }
    this.handshakes.set(raw, handshake)
    raw.on("error", ignore)
    raw.once("close", handshake.onClose)
    raw.once("end", handshake.onClose)
    awaitHello(raw, (what) => what === "hello" ? this.greeted(handshake) : this.fail(handshake, what))
  }

  readonly closing = (): number => {
    for (const handshake of this.handshakes.values()) {
      if (handshake.stage === "silent" && ++handshake.looks > looks) this.fail(handshake, "hung up")
    }
    return this.handshakes.size
  }

  readonly cut = (): void => {
    // First they are no handshakes any more: room for the next is not to be used.
    const sockets = [...this.handshakes.keys()]
    for (const handshake of this.handshakes.values()) this.silence(handshake)
    this.handshakes.clear()
    this.queue.length = 0
    for (const raw of sockets) this.cutOff(raw)
  }

  /** Cuts those whose time is up. While others wait, a handshake that was begun has but a tenth of it. */
  sweep(): void {
    const now = this.now()
    for (const handshake of this.handshakes.values()) {
      const { begun, since, stage } = handshake
      if (stage === "waiting") continue
      const isHurried = stage === "under way" && this.queue.length > 0
      if (now - since >= this.timeout || (isHurried && now - begun >= this.timeout / 10)) {
        this.fail(handshake, "timed out")
      }
    }
  }

  private greeted(handshake: Handshake): void {
    if (this.underWay < this.max) return this.begin(handshake)
    handshake.stage = "waiting"
    handshake.begun = this.now()
    this.queue.push(handshake)
  }

  private begin(handshake: Handshake): void {
    const now = this.now()
    if (handshake.stage === "waiting") handshake.since += now - handshake.begun
    handshake.stage = "under way"
    handshake.begun = now
    this.underWay++
    // From now on it is `node:tls` that says so, and why.
    this.silence(handshake)
    // Whoever has finished before the handshake is will not end it.
    handshake.raw.allowHalfOpen = false
    // As Node's documentation has it for a socket that somebody else has accepted.
    this.tls.emit("connection", handshake.raw)
  }

  private secured(socket: TLSSocket): void {
    const handshake = this.of(socket)
    if (handshake === undefined) return void socket.destroy()
    socket.allowHalfOpen = true
    if (!socket.authorized && socket.getPeerX509Certificate() !== undefined) {
      return this.fail(handshake, "certificate refused", objectionTo(socket))
    }
    this.forget(handshake)
    handshake.told.secured(socket)
  }

  private failed(error: Error, socket: TLSSocket): void {
    const handshake = this.of(socket)
    if (handshake === undefined) return
    const objection = objectionTo(socket)
    if (objection !== undefined) {
      this.fail(handshake, "certificate refused", objection)
    } else {
      const fault = faultOf(error)
      this.fail(handshake, fault, fault === "hung up" ? undefined : wordsOf(error))
    }
  }

  private fail(handshake: Handshake, fault: HandshakeFault, detail?: string): void {
    const { raw } = handshake
    if (!this.handshakes.has(raw)) return
    this.forget(handshake)
    if (fault === "not TLS") {
      raw.end(alert)
      raw.destroySoon()
    } else if (detail === undefined) {
      this.cutOff(raw)
    } else {
      // An alert that says why is on its way, and would not outlive a reset.
      raw.destroySoon()
    }
    handshake.told.failed(fault, detail)
  }

  private cutOff(raw: Socket): void {
    // A unix socket, which has no such address, has no reset either.
    if (raw.remoteAddress === undefined) raw.destroy()
    else if (!raw.destroyed) raw.resetAndDestroy()
  }

  /** The next one who waits may begin. */
  private forget(handshake: Handshake): void {
    const { raw, stage } = handshake
    this.handshakes.delete(raw)
    this.silence(handshake)
    if (stage === "waiting") this.queue.splice(this.queue.indexOf(handshake), 1)
    if (stage !== "under way") return
    this.underWay--
    const next = this.queue.shift()
    if (next !== undefined) this.begin(next)
  }

  private silence({ onClose, raw }: Handshake): void {
    raw.off("close", onClose)
    raw.off("end", onClose)
  }

  private of(socket: TLSSocket): Handshake | undefined {
    const { _parent } = socket as TLSSocket & { readonly _parent?: Socket }
    return _parent === undefined ? undefined : this.handshakes.get(_parent)
  }
}

/** OpenSSL's code for what is wrong with the client's certificate; undefined where nothing is known. */
const objectionTo = (socket: TLSSocket): string | undefined =>
  (socket as unknown as { readonly authorizationError?: string | null }).authorizationError ?? undefined
