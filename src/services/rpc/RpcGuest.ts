import type { FromClientEncoded, FromServerEncoded, RequestEncoded } from "@effect/rpc/RpcMessage"
import { ResponseDefectEncoded } from "@effect/rpc/RpcMessage"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { Connection } from "../Connection.js"
import type { Guest } from "../platform/reception.js"
import type { Manners } from "./RpcLink.js"
import { RpcLink } from "./RpcLink.js"

/** What is done with a client's message. It returns before the request is answered. */
type Handle = (message: FromClientEncoded) => Effect.Effect<void>

/**
 * A client of an RPC server. It counts the requests under way, for two ends: no more are begun than may be, and the
 * connection is kept until all are answered.
 */
export class RpcGuest implements Guest<never> {
  private readonly link: RpcLink<FromClientEncoded, FromServerEncoded>
  private readonly handle: Handle
  private readonly maxRequests: number
  /** Requests that wait until fewer are under way. */
  private waiting: Array<RequestEncoded> = []
  /** Under way, by their ids: those that have sent no chunk yet, and those that stream. */
  private readonly pending = new Set<string>()
  private readonly streaming = new Set<string>()
  /** To be acknowledged for a client that can no longer do so itself. */
  private acks: Array<string> = []
  private hasAcked = false
  /** How many messages were taken, and with which of them requests end: with the last received before the stop. */
  private taken = 0
  private last = Infinity

  constructor(connection: Connection, manners: Manners, maxRequests: number, handle: Handle) {
    this.handle = handle
    this.maxRequests = maxRequests
    this.link = new RpcLink(connection, manners)
  }

  /** Serves until the connection is over. Interrupted, it cuts it. */
  get serve(): Effect.Effect<void> {
    return this.loop.pipe(
      // What cannot be read, be it bytes or an id, is the end of its connection alone.
      Effect.catchAllDefect((defect) => this.send(ResponseDefectEncoded(defect))),
      Effect.zipRight(this.link.close),
      Effect.raceFirst(Deferred.await(this.link.over)),
      Effect.onInterrupt(() => Effect.sync(() => this.link.reset())),
      Effect.asVoid
    )
  }

  /** Requests that come from now on are not begun. What streams is still acknowledged. */
  stop(): void {
    this.last = this.taken + this.link.size
    this.link.changed.ring()
  }

  readonly send = (response: FromServerEncoded): Effect.Effect<void> =>
    this.link.send(response).pipe(
      Effect.as(response),
      // A reply that has no bytes is a defect for the client, as it would be anywhere else.
      Effect.catchAllDefect((defect) => {
        const told = ResponseDefectEncoded(defect)
        return Effect.as(this.link.send(told), told)
      }),
      Effect.map((sent) => this.sent(sent))
    )

  /** Closes when all is sent. */
  end(): void {
    this.link.end()
  }

  private readonly loop: Effect.Effect<void> = Effect.suspend(() => {
    const message = this.next()
    if (message !== undefined) return Effect.zipRight(this.handle(message), this.loop)
    if (this.link.error !== undefined) return Effect.die(this.link.error)
    if (this.isDone) return Effect.void
    // Who has more requests waiting than may be under way is read no further.
    if (this.waiting.length > 0) this.link.pause()
    else this.link.resume()
    return Effect.zipRight(this.link.changed.wait(() => this.hasWork), this.loop)
  })

  private get hasRoom(): boolean {
    return this.pending.size < this.maxRequests
  }

  private get isDone(): boolean {
    const { hasEnded, isEmpty } = this.link
    return (hasEnded || this.last < Infinity) && isEmpty &&
      this.waiting.length + this.pending.size + this.streaming.size === 0
  }

  private get hasWork(): boolean {
    return this.isDone || !this.link.isEmpty || this.acks.length > 0 ||
      (this.link.hasEnded && !this.hasAcked) || (this.waiting.length > 0 && this.hasRoom)
  }

  private next(): FromClientEncoded | undefined {
    for (;;) {
      const requestId = this.acks.pop()
      if (requestId !== undefined) return { _tag: "Ack", requestId }
      if (this.waiting.length > 0 && this.hasRoom) return this.begin(this.waiting.shift()!)
      const message = this.link.take()
      if (message === undefined) {
        if (!this.link.hasEnded || this.hasAcked) return undefined
        // Who has finished cannot acknowledge what it is still sent.
        this.hasAcked = true
        this.acks.push(...this.streaming)
        continue
      }
      this.taken++
      switch (message._tag) {
        case "Request": {
          if (this.taken <= this.last) this.waiting.push(message)
          break
        }
        case "Interrupt": {
          const at = this.waiting.findIndex(({ id }) => id === message.requestId)
          if (at < 0) return message
          this.waiting.splice(at, 1)
          break
        }
        case "Eof": {
          this.link.end()
          break
        }
        default:
          return message
      }
    }
  }

  private begin(request: RequestEncoded): RequestEncoded {
    // As it is named in what is sent for it.
    this.pending.add(String(BigInt(request.id)))
    return request
  }

  private sent(response: FromServerEncoded): void {
    switch (response._tag) {
      case "Chunk": {
        // A stream takes as long as its client wants: were it to count, its own acknowledgements might wait for it.
        if (this.pending.delete(response.requestId)) this.streaming.add(response.requestId)
        if (this.link.hasEnded) this.acks.push(response.requestId)
        break
      }
      case "Exit": {
        this.pending.delete(response.requestId)
        this.streaming.delete(response.requestId)
        break
      }
      case "Defect": {
        // It names no request: for its client, it ends all of them.
        this.pending.clear()
        this.streaming.clear()
        break
      }
      default:
        return
    }
    this.link.changed.ring()
  }
}
