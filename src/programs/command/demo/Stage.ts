/** Models, one after the other, meet the same five clients, and what happens is drawn while it does. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import pc from "picocolors"
import type { Connector } from "../../../services/Connector.js"
import * as MonotonicTime from "../../../services/MonotonicTime.js"
import type { SocketServer } from "../../../services/SocketServer.js"
import * as Model from "../../server/Model.js"
import { Screen } from "../console/Screen.js"
import type { Happening } from "./Lane.js"
import { lanes } from "./Lane.js"
import { PausableClock } from "./PausableClock.js"
import type { PerformanceError } from "./Performance.js"
import { perform } from "./Performance.js"
import type { Run } from "./Run.js"
import * as Scenario from "./Scenario.js"
import { comparison, introduction, panel } from "./textPicture.js"

export interface Options<E, R> {
  /** 1 is over in ten seconds; 0.5 takes twice as long. */
  readonly speed: number
  readonly models: ReadonlyArray<Run["model"]>
  /** The keys that are pressed, where there are some: space pauses. */
  readonly keys: Effect.Effect<string> | undefined
  /** Where a server listens. Made anew for each model. */
  readonly socketServer: Layer.Layer<SocketServer, E, R>
}

/** The time from one picture to the next: as in the cinema. */
const frame = Duration.millis(40)

export const play = <E, R>(
  { keys, models, socketServer, speed }: Options<E, R>
): Effect.Effect<ReadonlyArray<Run>, E | PerformanceError, Screen | Connector | R> =>
  Effect.gen(function*() {
    const screen = yield* Screen
    const clock = new PausableClock(yield* Effect.clock)
    const now = MonotonicTime.millis(clock)
    const colors = pc.createColors(screen.isColorful)
    const style = Effect.map(screen.columns, (columns) => ({ colors, columns }))
    const beat = Scenario.beat(speed)

    const pauses = keys === undefined ? Effect.never : Effect.forever(Effect.map(keys, (key) => {
      if (key === " ") clock.toggle()
    }))
    const hint = (): string =>
      keys === undefined ? "" : `\n${colors.dim(clock.isPaused ? "  paused: space goes on" : "  space pauses")}`

    const show = (model: Run["model"]) =>
      Effect.gen(function*() {
        const happenings: Array<Happening> = []
        const start = now()
        const run = (): Run => ({
          model,
          beat,
          lanes: lanes(Scenario.arrivals.length, happenings)
        })
        const picture = Effect.map(style, (style) => panel(run(), now() - start, style))
        const frames = Effect.flatMap(picture, (picture) => screen.draw(`${picture}${hint()}`))
        yield* perform(Model.all[model], beat, (happening) => happenings.push(happening)).pipe(
          Effect.provide(socketServer),
          Effect.withClock(clock),
          Effect.raceFirst(Effect.zipRight(Effect.repeat(frames, Schedule.spaced(frame)), Effect.never)),
          Effect.raceFirst(pauses)
        )
        yield* screen.keep(yield* picture)
        return run()
      })

    yield* screen.keep(introduction(beat, yield* style))
    const runs = yield* Effect.forEach(models, show)
    yield* screen.keep(comparison(runs, yield* style))
    return runs
  })
