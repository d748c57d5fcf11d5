/** What happens, as server-sent events. */
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { Administration } from "./Administration.js"
import * as limitsText from "./limitsText.js"

/** Happenings of one event at the most, and how long it waits for more. */
const batch = 256
const wait = "100 millis"

/** How often what is measured is told. It is a sign of life, too. */
const pace = "1 second"

/** As the HTML standard has it, section 9.2.5. JSON has no line's end. */
export const event = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

/**
 * - `health` and `limits`: at the beginning, and when they change.
 * - `level`: the level of the log, likewise.
 * - `metrics`: all families, each second.
 * - `happenings`: what happened, some at a time. Of more than can be told the oldest are left out.
 */
export const stream: Effect.Effect<Stream.Stream<Uint8Array>, never, Administration> = Effect.map(
  Administration,
  (administration) => {
    const first = Effect.map(
      Effect.all([administration.health, administration.limits, administration.level]),
      ([health, limits, level]) =>
        event("health", health) + event("limits", limitsText.write(limits)) + event("level", level)
    )
    const metrics = Stream.repeatEffectWithSchedule(administration.metrics, Schedule.spaced(pace)).pipe(
      Stream.map((families) => event("metrics", { at: Date.now(), families }))
    )
    const happenings = Stream.groupedWithin(administration.happenings, batch, wait).pipe(
      Stream.map((some) => {
        const all = Chunk.toReadonlyArray(some)
        const changes = all.flatMap((happening) => {
          switch (happening._tag) {
            case "HealthChanged":
              return event("health", happening.health)
            case "LimitsChanged":
              return event("limits", limitsText.write(happening.limits))
            case "LevelChanged":
              return event("level", happening.level)
            default:
              return []
          }
        })
        return event("happenings", all) + changes.join("")
      })
    )
    return Stream.fromEffect(first).pipe(
      Stream.concat(Stream.merge(metrics, happenings)),
      Stream.encodeText
    )
  }
)
