import type { X509Certificate } from "node:crypto"
import type { Socket } from "node:net"
import type { TLSSocket } from "node:tls"
import type { Address } from "../../../domain/Address.js"
import { ConnectionReset } from "../../../domain/NetworkError.js"
import type { Certificate, Tls } from "../../../domain/Tls.js"
import type { HandshakeFault } from "../../../domain/TlsError.js"
import type { Sink } from "../../Connection.js"
import { highWaterMark } from "../../Connection.js"
import { NodeConnection } from "../socket.js"
import { faultOf } from "./faults.js"

/** What is seen of a socket that writes: how much the kernel was given, and how much of it waits. */
interface Handle {
  readonly writeQueueSize?: number
  readonly bytesWritten?: number
}

/** A `node:tls` socket as a Connection, and the `node:net` one below it. */
export class NodeTlsConnection extends NodeConnection {
  readonly tls: Tls
  private readonly raw: Socket
  /** What had been taken in whole when last looked at, and what the kernel had then. */
  private whole = 0
  private base = 0

  constructor(socket: TLSSocket, raw: Socket, peer: Address, siblings?: Set<NodeConnection>) {
    super(socket, peer, siblings)
    this.raw = raw
    this.tls = describe(socket)
    // The handshake, and what was said in the clear, is none of its.
    this.base = this.inKernel() ?? 0
  }

  /** It is read since the handshake, so that the peer may have finished before anybody was there to be told. */
  override open(sink: Sink): void {
    super.open(sink)
    if (!this.socket.readableEnded || this.socket.closed) return
    setImmediate(() => {
      if (!this.isOver) sink.end()
    })
  }

  /** `node:tls` says a moment later that a write is done; a short one is, where the kernel keeps nothing waiting. */
  override unsent(): number {
    const queued = this.socket.writableLength
    if (queued >= highWaterMark) return queued - this.taken()
    return queued === 0 || this.handle?.writeQueueSize === 0 ? 0 : queued
  }

  /** Bytes that the kernel has taken, all in all. */
  private inKernel(): number | undefined {
    const { handle } = this
    return handle?.bytesWritten === undefined || handle.writeQueueSize === undefined
      ? undefined
      : handle.bytesWritten - handle.writeQueueSize
  }

  private get handle(): Handle | null | undefined {
    return (this.raw as Socket & { readonly _handle?: Handle | null })._handle
  }

  /**
   * All of a write is encrypted at once, and `node:tls` shows progress in steps of some 160 KiB. In between it is what the
   * kernel has taken since the write was first looked at: a client that reads slowly is not one that reads nothing.
   */
  protected override taken(): number {
    const kernel = this.inKernel()
    const inSteps = super.taken()
    if (kernel === undefined) return inSteps
    const whole = this.socket.bytesWritten - this.socket.writableLength
    if (whole !== this.whole) {
      this.whole = whole
      this.base = kernel
    }
    return Math.max(inSteps, Math.min(this.underWay(), kernel - this.base))
  }

  /** By TLS 1.3 a client hears only now that the server does not want it. Unlike others, this socket does not close of itself. */
  override failed(cause: Error): void {
    const reason = reasons[faultOf(cause)]
    this.error = new ConnectionReset({ address: this.peer, ...(reason === undefined ? {} : { reason }) })
    this.socket.destroy()
  }

  /** `node:tls` itself refuses to. */
  protected override cut(): void {
    this.raw.resetAndDestroy()
  }
}

const reasons: Partial<Record<HandshakeFault, string>> = {
  "no certificate": "the server wants a certificate of the client",
  "certificate refused": "the certificate of this side is not believed"
}

const describe = (socket: TLSSocket): Tls => {
  const { alpnProtocol, servername } = socket as TLSSocket & { readonly servername?: string | false }
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined
  return {
    version: socket.getProtocol() ?? "TLS",
    serverName: typeof servername === "string" && servername !== "" ? servername : undefined,
    protocol: typeof alpnProtocol === "string" ? alpnProtocol : undefined,
    certificate: certificate === undefined ? undefined : certificateOf(certificate)
  }
}

const oneLine = (distinguishedName: string): string => distinguishedName.split("\n").join(", ")

/** Node quotes, as JSON, what could be mistaken for another name. */
const name = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)/g

const certificateOf = (x509: X509Certificate): Certificate => {
  const { CN } = x509.toLegacyObject().subject as { readonly CN?: unknown }
  return {
    subject: oneLine(x509.subject ?? ""),
    commonName: typeof CN === "string" ? CN : undefined,
    names: Array.from(
      (x509.subjectAltName ?? "").matchAll(name),
      ([, kind = "", value = ""]) => `${kind.trim()}:${value.startsWith("\"") ? JSON.parse(value) as string : value}`
    ),
    issuer: oneLine(x509.issuer),
    fingerprint: x509.fingerprint256,
    validFrom: new Date(x509.validFrom),
    validTo: new Date(x509.validTo)
  }
}
