import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import type { AnyFraming, Codec, Encoded } from "../../../domain/Framing.js"
import type { Connection } from "../../../services/Connection.js"
import { Bell } from "../../stream/Bell.js"
import { Outbox } from "../../stream/Outbox.js"
import type { Deadlines } from "./Deadlines.js"
import type { Owner } from "./Owner.js"

/** Messages of a stream that are gathered before the next look at who else has something to do. */
const share = 512

/** What a conversation sends, and the time its client has to take it. */
export class Outgoing extends Outbox<unknown> {
  private readonly deadlines: Deadlines
  /** Whether what is gathered is written when a fiber suspends. */
  isFlushDue = false
  private isFinished = false
  private readonly owner: Owner
  /** Since when the peer is so far behind that nothing is made for it; negative where it is not. */
  private blockedAt = -1
  /** Whoever sends a stream waits here for room. */
  private room: Bell | undefined = undefined

  constructor(connection: Connection, codec: Codec<unknown, unknown>, deadlines: Deadlines, owner: Owner) {
    super(connection, codec)
    this.deadlines = deadlines
    this.owner = owner
  }

  override drained(): void {
    super.drained()
    this.stalled()
    this.deadlines.wrote(0)
    this.deadlines.sent()
    this.room?.ring()
  }

  /** Sends FIN behind what there is to send. From then on nothing waits for room: there is nothing more to send. */
  finish(): void {
    if (this.isFinished) return
    this.flush()
    this.isFinished = true
    super.drained()
    this.connection.end()
    this.room?.ring()
  }

  override push(message: unknown): boolean {
    return !this.isFinished && super.push(message)
  }

  /** Pushes what others are sent, too, in a framing. */
  share(message: Encoded<unknown>, framing: AnyFraming): void {
    if (!this.isFinished) this.gather(message.bytes(framing, this.codec))
  }

  override flush(): number {
    this.isFlushDue = false
    if (this.isFinished) return 0
    if (!this.isEmpty) this.deadlines.sent()
    const unsent = super.flush()
    if (this.deadlines.wrote(unsent)) this.mark()
    if (this.isBlocked && this.blockedAt < 0) this.blockedAt = this.owner.millis()
    return unsent
  }

  /** A stall of the peer is over, if there was one. */
  stalled(): void {
    if (this.blockedAt < 0) return
    this.owner.timings?.stall(this.owner.witness.server, this.owner.millis() - this.blockedAt)
    this.blockedAt = -1
  }

  /** Writes what is gathered when a fiber suspends. */
  flushSoon(fiber: Fiber.RuntimeFiber<unknown, unknown>): void {
    if (this.isFlushDue || this.isEmpty) return
    this.isFlushDue = true
    fiber.getFiberRef(FiberRef.currentScheduler).scheduleTask(() => {
      if (this.isFlushDue) this.flush()
    }, 0)
  }

  /** Says messages of a stream, a share at a time, and while the peer takes them. */
  feed(messages: ReadonlyArray<unknown>, say: (message: unknown) => void, from = 0): Effect.Effect<void> {
    return Effect.withFiberRuntime((fiber) => {
      const end = Math.min(from + share, messages.length)
      let next = from
      while (next < end && !this.isFull) say(messages[next++])
      if (this.isFull) this.flush()
      else this.flushSoon(fiber)
      const isAll = next === messages.length
      if (this.isBlocked) {
        this.room ??= new Bell(() => !this.isBlocked)
        return Effect.zipRight(this.room.wait, isAll ? Effect.void : this.feed(messages, say, next))
      }
      return isAll ? Effect.void : Effect.zipRight(Effect.yieldNow(), this.feed(messages, say, next))
    })
  }
}
