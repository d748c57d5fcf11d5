import * as Effect from "effect/Effect"
import type { Mailbox as Options, WhenFull } from "../../../domain/Session.js"

/** Events that wait for their turn, bounded. Whoever offers one waits until it is in. */
export class Mailbox {
  private readonly capacity: number
  private readonly whenFull: WhenFull
  private readonly events: Array<unknown> = []
  private readonly offers: Array<Offer> = []
  private isClosed = false

  constructor({ capacity = 256, whenFull = "refuse" }: Options = {}) {
    this.capacity = capacity
    this.whenFull = whenFull
  }

  get size(): number {
    return this.events.length
  }

  /** Takes an event, or says what became of it. */
  put(event: unknown): "taken" | "refused" | "overflow" {
    if (this.isClosed) return "refused"
    if (this.events.length >= this.capacity) {
      if (this.whenFull === "refuse") return "refused"
      if (this.whenFull === "close") return "overflow"
      this.events.shift()
    }
    this.events.push(event)
    return "taken"
  }

  /** Takes an event when there is room; false if it closes before. `onPut` is called when it is in. */
  offer(event: unknown, onPut: () => void): Effect.Effect<boolean> {
    return Effect.suspend(() => {
      if (this.isClosed) return Effect.succeed(false)
      if (this.offers.length === 0 && this.events.length < this.capacity) {
        this.events.push(event)
        onPut()
        return Effect.succeed(true)
      }
      return Effect.async<boolean>((resume) => {
        const offer: Offer = { event, resume: (isTaken) => resume(Effect.succeed(isTaken)) }
        this.offers.push(offer)
        return Effect.sync(() => {
          const at = this.offers.indexOf(offer)
          if (at >= 0) this.offers.splice(at, 1)
        })
      })
    })
  }

  /** The oldest event, which makes room for who has waited longest. To be called only where there is one. */
  take(): unknown {
    const event = this.events.shift()
    const next = this.offers.shift()
    if (next !== undefined) {
      this.events.push(next.event)
      next.resume(true)
    }
    return event
  }

  /** Takes nothing more, and forgets what nobody will hear. */
  close(): void {
    this.isClosed = true
    this.events.length = 0
    for (const offer of this.offers.splice(0)) offer.resume(false)
  }
}

interface Offer {
  readonly event: unknown
  readonly resume: (isTaken: boolean) => void
}
