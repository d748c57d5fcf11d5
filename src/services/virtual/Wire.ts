import * as Duration from "effect/Duration"
import { PCGRandom } from "effect/Utils"
import type { Conditions, Cut, Stall } from "../../domain/testing/Conditions.js"
import type { EventLoop } from "./EventLoop.js"
import type { Link } from "./Link.js"

/** What arrives: bytes, the end of them, or a reset. */
export type Arrival = Uint8Array | "Fin" | "Rst"

/** The far end of a wire. */
export interface Receiver {
  readonly arrive: (arrival: Arrival) => void
  /** So many of the bytes it sent were read. */
  readonly acknowledged: (bytes: number) => void
  /** Something in the middle cut the connection. */
  readonly cut: () => void
}

/** Bytes on their way: the parts were written at different times and arrive as one. */
interface Segment {
  readonly at: number
  readonly parts: Array<Uint8Array>
}

/** A read brings at most this much. */
const chunkSize = 65_536

/** One direction of a connection: takes bytes, cuts them into segments, and lets them arrive in order, in their time. */
export class Wire {
  private readonly loop: EventLoop
  private readonly link: Link
  private readonly conditions: Conditions
  private readonly faults: Array<Cut | Stall>
  private readonly cuts: PCGRandom
  private readonly delays: PCGRandom
  private readonly receiver: Receiver
  /** On its way. Whatever arrives is the first of these, however times were put off. */
  private queue: Array<Segment | "Fin" | "Rst"> = []
  private carried = 0
  /** Bytes the segment begun last may still take. */
  private room = 0
  private newest: Segment | undefined = undefined
  private arrivesAt = 0
  private freeAt = 0
  private isCut = false

  constructor(options: {
    readonly loop: EventLoop
    readonly link: Link
    readonly conditions: Conditions
    readonly faults: ReadonlyArray<Cut | Stall>
    readonly seed: number
    /** The wire's own number: its chances depend on no other wire. */
    readonly number: number
    readonly receiver: Receiver
  }) {
    this.loop = options.loop
    this.link = options.link
    this.conditions = options.conditions
    this.faults = options.faults.toSorted((a, b) => a.byte - b.byte)
    // Two, so that a wire cut otherwise is delayed as before.
    this.cuts = new PCGRandom(options.seed, 2 * options.number)
    this.delays = new PCGRandom(options.seed, 2 * options.number + 1)
    this.receiver = options.receiver
  }

  /** The array is the wire's to keep. */
  send(bytes: Uint8Array): void {
    if (this.conditions.segment === undefined) this.newest = undefined
    let rest = bytes
    while (rest.length > 0 && !this.strike()) {
      if (this.newest === undefined || this.room === 0) this.room = this.segmentLength()
      const length = Math.min(rest.length, this.room, (this.faults[0]?.byte ?? Infinity) - this.carried)
      this.put(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
    this.strike()
  }

  /** Says that so many bytes of the other direction were read. */
  acknowledge(bytes: number): void {
    this.link.carry(this.loop.now() + this.conditions.latency, () => this.receiver.acknowledged(bytes))
  }

  finish(): void {
    this.newest = undefined
    this.queue.push("Fin")
    this.link.carry(this.time(0), () => this.reach())
  }

  /** A reset is not sent again: if the hosts are parted it is lost, and what was on its way with it. */
  reset(): void {
    this.newest = undefined
    this.queue.push("Rst")
    this.link.carryOnce(this.time(0), () => this.reach(), () => (this.queue = []))
  }

  private reach(): void {
    const first = this.queue.shift()
    if (first === undefined) return
    if (first === this.newest) this.newest = undefined
    if (first === "Rst") this.queue = []
    if (typeof first === "string") this.receiver.arrive(first)
    else this.receiver.arrive(first.parts.length === 1 ? first.parts[0]! : Buffer.concat(first.parts))
  }

  private put(part: Uint8Array): void {
    this.carried += part.length
    this.room -= part.length
    const at = this.time(part.length)
    if (this.newest?.at === at) {
      this.newest.parts.push(part)
      return
    }
    this.newest = { at, parts: [part] }
    this.queue.push(this.newest)
    this.link.carry(at, () => this.reach())
  }

  /** When what is sent now arrives, in whole milliseconds as the Clock has them: never before what was sent earlier. */
  private time(length: number): number {
    const { bandwidth, jitter, latency } = this.conditions
    this.freeAt = Math.max(this.freeAt, this.loop.now()) + length * 1000 / bandwidth
    const late = jitter > 0 ? this.delays.number() * jitter : 0
    this.arrivesAt = Math.max(this.arrivesAt, Math.ceil(this.freeAt + latency + late))
    return this.arrivesAt
  }

  private segmentLength(): number {
    this.newest = undefined
    return this.conditions.segment === undefined ? chunkSize : 1 + this.cuts.integer(this.conditions.segment)
  }

  /** Lets the faults happen that are due. Gives whether the connection is cut. */
  private strike(): boolean {
    for (let fault = this.faults[0]; fault !== undefined && fault.byte <= this.carried; fault = this.faults[0]) {
      this.faults.shift()
      this.newest = undefined
      if (fault._tag === "Cut") {
        this.link.carry(this.time(0), this.receiver.cut)
        this.isCut = true
      } else {
        this.freeAt = Math.max(this.freeAt, this.loop.now()) + Duration.toMillis(fault.duration)
      }
    }
    return this.isCut
  }
}
