/** What a worker answers of what is asked at the supervisor's admin port. */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Happening } from "../../admin/Administration.js"
import * as Local from "../../admin/Local.js"
import type { Threshold } from "../../console/Threshold.js"
import type { Administered } from "../administered.js"
import type { Channel } from "./channel.js"
import { tell } from "./channel.js"
import type { Questions } from "./messages.js"

type Answers = { readonly [What in keyof Questions]: (given: Questions[What][0]) => Effect.Effect<Questions[What][1]> }

const answersOf = ({ administration, source }: Local.Local): Answers => ({
  metrics: () => administration.metrics,
  connections: administration.connections,
  disconnect: administration.disconnect,
  limits: () => administration.limits,
  setLimits: administration.setLimits,
  setLevel: (level) => Effect.as(administration.setLevel(level), undefined),
  listen: source.listen,
  take: source.take,
  leave: (listener) => Effect.as(source.leave(listener), undefined)
})

/** How many happenings go together, and how long one waits for others. */
const batch = 256
const wait = "100 millis"

/** Of the others the supervisor tells itself. */
const ofClients: ReadonlySet<Happening["_tag"]> = new Set(["Opened", "Closed", "Refused", "Failed"])

/** What the server has to do with its admin port, where that is another process's. */
export const answering = (
  channel: Channel,
  threshold: Threshold,
  showsMessages: boolean
): Effect.Effect<Administered, never, Scope.Scope> =>
  Effect.gen(function*() {
    const local = yield* Local.make(threshold, showsMessages)
    const { administration } = local
    const answers = answersOf(local)
    const run = yield* FiberSet.makeRuntime()
    const watch = administration.happenings.pipe(
      Stream.filter(({ _tag }) => ofClients.has(_tag)),
      Stream.groupedWithin(batch, wait),
      Stream.runForEach((some) => tell({ _tag: "Happened", happenings: Chunk.toReadonlyArray(some) }))
    )
    let watching: Fiber.RuntimeFiber<void> | undefined = undefined
    channel.hear((order) => {
      if (order._tag === "Ask") {
        const { given, id, what } = order
        // Safe: a question comes with what is given for it.
        const answer = (answers[what] as (given: unknown) => Effect.Effect<unknown>)(given)
        run(Effect.flatMap(answer, (answer) => tell({ _tag: "Answer", id, answer })))
      } else if (!order.isOn && watching !== undefined) {
        run(Fiber.interrupt(watching))
        watching = undefined
      } else if (order.isOn) {
        watching ??= run(watch)
      }
    })
    return {
      place: undefined,
      observers: [local.observer],
      attach: (server) => Effect.sync(() => local.attach(server)),
      drainAsked: Effect.never,
      enter: () => {},
      metrics: administration.metrics
    }
  })
