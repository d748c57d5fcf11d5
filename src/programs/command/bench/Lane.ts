import type { ConnectionReset } from "../../../domain/NetworkError.js"
import type { Connection, Sink } from "../../../services/Connection.js"
import type { WrongReply } from "./Checker.js"
import { Checker } from "./Checker.js"
import { InFlight } from "./InFlight.js"
import type { Tape } from "./Tape.js"
import type { Framing } from "./Workload.js"

/** What the lanes of a load have in common. Times are in microseconds. */
export interface Traffic {
  readonly framing: Framing
  readonly requests: Tape
  readonly replies: Tape
  readonly depth: number
  /** The time from one request that is due on a lane to the next; without it a request is due when there is room. */
  readonly interval: number | undefined
  readonly now: () => number
  readonly sent: (requests: number, bytes: number) => void
  readonly received: (bytes: number) => void
  readonly answered: (due: number, now: number, count: number) => void
  readonly wrong: (wrong: WrongReply) => void
  readonly lost: (lane: Lane, error: ConnectionReset | undefined) => void
}

/**
 * One connection under load. Requests leave in order, at most `depth` of them without a reply; what is due beyond that is
 * owed, and counts from the time it was due.
 */
export class Lane implements Sink {
  /** Requests that are due and not sent. */
  owed = 0
  hasSpoken = false
  isLost = false
  readonly inFlight: InFlight
  private readonly connection: Connection
  private readonly traffic: Traffic
  private readonly checker: Checker
  private readonly settle: (due: number, count: number) => void
  /** The next request on the tape. */
  private index = 0
  /** When the oldest of those owed was due. */
  private oldest = 0
  private now = 0
  private isOpen = true

  constructor(connection: Connection, traffic: Traffic) {
    this.connection = connection
    this.traffic = traffic
    this.inFlight = new InFlight(traffic.depth)
    this.checker = new Checker(traffic.replies, traffic.framing, traffic.wrong)
    this.settle = (due, count) => traffic.answered(due, this.now, count)
  }

  /** Begins to read, and to send what is due whenever there is room. */
  open(): void {
    this.connection.open(this)
  }

  /** Another request is due. */
  owe(due: number): void {
    if (this.owed === 0) this.oldest = due
    this.owed++
    this.send(due)
  }

  /** Sends as much as there is room for. */
  send(now: number): void {
    const { depth, interval, requests } = this.traffic
    const room = depth - this.inFlight.count
    const count = interval === undefined ? room : Math.min(room, this.owed)
    if (count === 0 || this.isLost || !this.isOpen) return
    if (interval === undefined) {
      this.inFlight.add(now, count)
    } else {
      for (let left = count; left > 0; left--) {
        this.inFlight.add(this.oldest, 1)
        this.oldest += interval
      }
      this.owed -= count
    }
    const bytes = requests.slice(this.index, count)
    this.index = (this.index + count) % requests.period
    this.traffic.sent(count, bytes.length)
    this.connection.write(bytes)
  }

  /** Sends no more. */
  finish(): void {
    this.isOpen = false
  }

  data(chunk: Uint8Array): void {
    this.hasSpoken = true
    this.now = this.traffic.now()
    this.traffic.received(chunk.length)
    const answered = this.checker.take(chunk, this.inFlight.count)
    if (answered === 0) return
    this.inFlight.take(answered, this.settle)
    this.send(this.now)
  }

  // Nothing waits for room to write: what is unsent is at most `depth` requests.
  drain(): void {}

  end(): void {
    this.lose(undefined)
    this.connection.close()
  }

  closed(error: ConnectionReset | undefined): void {
    this.lose(error)
  }

  private lose(error: ConnectionReset | undefined): void {
    if (this.isLost) return
    this.isLost = true
    this.traffic.lost(this, error)
  }
}
