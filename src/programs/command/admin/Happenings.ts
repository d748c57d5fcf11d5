import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { format } from "../../../domain/Address.js"
import type { ServerEvent } from "../../../domain/ServerEvent.js"
import type { Shape as Observer } from "../../../services/Observer.js"
import type { Happening } from "./Administration.js"

/** What waits for one who is slow to take it; of more, the oldest is lost. */
const capacity = 1024

type What<H = Happening> = H extends Happening ? Omit<H, "at" | "worker"> : never

/** What happens, for whoever looks on; while nobody does, nothing is made of it. */
export class Happenings {
  private readonly audience = new Set<Queue.Queue<Happening>>()
  private readonly now: () => number

  /** `now` is milliseconds since 1970. */
  constructor(now: () => number) {
    this.now = now
  }

  readonly observer: Observer = {
    messages: false,
    observe: (event) => {
      if (this.audience.size === 0) return
      const what = happeningOf(event)
      if (what !== undefined) this.tell(what)
    }
  }

  tell(what: What): void {
    const happening = { ...what, at: this.now(), worker: 0 } as Happening
    for (const queue of this.audience) queue.unsafeOffer(happening)
  }

  readonly stream: Stream.Stream<Happening> = Stream.unwrapScoped(
    Effect.map(
      Effect.acquireRelease(
        Effect.tap(Queue.sliding<Happening>(capacity), (queue) => Effect.sync(() => this.audience.add(queue))),
        (queue) => Effect.zipRight(Effect.sync(() => this.audience.delete(queue)), Queue.shutdown(queue))
      ),
      (queue) => Stream.fromQueue(queue)
    )
  )
}

const happeningOf = (event: ServerEvent): What | undefined => {
  switch (event._tag) {
    case "Accepted":
      return { _tag: "Opened", id: event.id, peer: format(event.peer) }
    case "Closed": {
      const { id, peer, reason, requests } = event
      return { _tag: "Closed", id, peer: format(peer), reason, requests }
    }
    case "Refused":
      return { _tag: "Refused", peer: format(event.peer), reason: event.reason, count: 1 }
    case "Exhausted":
      return { _tag: "Refused", peer: null, reason: "NoDescriptors", count: event.refused }
    case "HandshakeFailed":
    case "UpgradeDeclined":
    case "ProxyFault":
      return { _tag: "Refused", peer: format(event.peer), reason: event._tag, count: 1 }
    case "Failed": {
      const error = Cause.squash(event.cause)
      const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      return { _tag: "Failed", id: event.id, peer: format(event.peer), message }
    }
    default:
      return undefined
  }
}
