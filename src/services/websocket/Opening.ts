import type { Address } from "../../domain/Address.js"
import * as Handshake from "../../domain/websocket/Handshake.js"
import type { HttpHead } from "../../domain/websocket/HttpHead.js"
import { HeadReader } from "../../domain/websocket/HttpHead.js"
import type { Connection } from "../Connection.js"
import type { Timers } from "../Timers.js"
import { acceptKey } from "./acceptKey.js"
import type { Stage } from "./Stage.js"

/** In milliseconds: so long a client may take to hear why it may not come in. */
const linger = 1000

/** What openings of one server have in common. */
export interface Door {
  readonly terms: Handshake.Terms
  readonly maxHandshake: number
  /** Milliseconds. */
  readonly timeout: number
  readonly timers: Timers
  /** What a request for something else than a WebSocket is answered, if it is. */
  readonly page: (head: HttpHead) => string | undefined
  /** The client has come in; `rest` came behind its request. What is below is paused. */
  readonly opened: (opening: Opening, rest: Uint8Array) => void
  /** It was told why it may not. */
  readonly declined: (peer: Address, declined: Handshake.Declined) => void
  /** It has not, and will not. */
  readonly gone: (opening: Opening) => void
}

/** A client's handshake, from its first byte to the answer. */
export class Opening implements Stage {
  readonly below: Connection
  private readonly door: Door
  private readonly reader: HeadReader
  private isAnswered = false
  private readonly timer = { at: Infinity, order: 0, slot: 0, expire: () => this.expire() }

  constructor(below: Connection, door: Door) {
    this.below = below
    this.door = door
    this.reader = new HeadReader(door.maxHandshake)
    door.timers.schedule(this.timer, door.timers.now() + door.timeout)
  }

  received(chunk: Uint8Array): void {
    if (this.isAnswered) return
    const read = this.reader.push(chunk)
    if (read === undefined) return
    if (read === "too long") {
      return this.decline(
        "431 Request Header Fields Too Large",
        `A request has ${this.door.maxHandshake} bytes at the most.`
      )
    }
    if (read === "invalid") return this.decline("400 Bad Request", "This is no request of HTTP/1.1.")
    this.asked(read.head, read.rest)
  }

  /** The request is whole; `rest` came behind it. */
  asked(head: HttpHead, rest: Uint8Array): void {
    const page = this.door.page(head)
    if (page !== undefined) return this.say(page)
    const answer = Handshake.answer(head, this.door.terms)
    if (answer._tag === "Declined") return this.refuse(answer)
    this.isAnswered = true
    this.door.timers.cancel(this.timer)
    this.below.write(Handshake.opening(answer, acceptKey(answer.key)))
    this.below.pause()
    this.door.opened(this, rest)
  }

  ended(): void {
    this.below.close()
  }

  drained(): void {}

  lost(): void {
    this.door.timers.cancel(this.timer)
    this.door.gone(this)
  }

  decline(status: string, words: string): void {
    this.refuse({ _tag: "Declined", status, words })
  }

  private refuse(declined: Handshake.Declined): void {
    if (this.isAnswered) return
    this.say(Handshake.refusal(declined))
    this.door.declined(this.below.peer, declined)
  }

  /** Says the last word, which the client has a moment to take. */
  private say(response: string): void {
    if (this.isAnswered) return
    this.isAnswered = true
    this.below.write(response)
    this.below.end()
    const { timers } = this.door
    timers.schedule(this.timer, timers.now() + linger)
  }

  private expire(): void {
    if (this.isAnswered) this.below.close()
    else this.decline("408 Request Timeout", "The request took too long.")
  }
}
