/** Every model in turn meets the same five clients, and what happens is drawn while it does. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Record from "effect/Record"
import * as Schedule from "effect/Schedule"
import pc from "picocolors"
import type { Connector } from "../../../services/Connector.js"
import type { SocketServer } from "../../../services/SocketServer.js"
import * as Model from "../../server/Model.js"
import { Screen } from "../console/Screen.js"
import type { Happening } from "./Lane.js"
import { lanes } from "./Lane.js"
import type { PerformanceError } from "./Performance.js"
import { perform } from "./Performance.js"
import type { Run } from "./Run.js"
import * as Scenario from "./Scenario.js"
import { comparison, introduction, panel } from "./textPicture.js"

export interface Options<E, R> {
  /** 1 is over in ten seconds; 0.5 takes twice as long. */
  readonly speed: number
  /** Where a server listens. Made anew for each model. */
  readonly socketServer: Layer.Layer<SocketServer, E, R>
}

/** The time from one picture to the next: as in the cinema. */
const frame = Duration.millis(40)

export const play = <E, R>(
  { socketServer, speed }: Options<E, R>
): Effect.Effect<ReadonlyArray<Run>, E | PerformanceError, Screen | Connector | R> =>
  Effect.gen(function*() {
    const screen = yield* Screen
    const clock = yield* Effect.clock
    const colors = pc.createColors(screen.isColorful)
    const style = Effect.map(screen.columns, (columns) => ({ colors, columns }))
    const beat = Scenario.beat(speed)

    const show = (model: Run["model"]) =>
      Effect.gen(function*() {
        const happenings: Array<Happening> = []
        const start = clock.unsafeCurrentTimeMillis()
        const run = (): Run => ({
          model,
          beat,
          lanes: lanes(Scenario.arrivals.length, happenings)
        })
        const picture = Effect.map(style, (style) => panel(run(), clock.unsafeCurrentTimeMillis() - start, style))
        yield* perform(Model.all[model], beat, (happening) => happenings.push(happening)).pipe(
          Effect.provide(socketServer),
          Effect.raceFirst(
            Effect.zipRight(Effect.repeat(Effect.flatMap(picture, screen.draw), Schedule.spaced(frame)), Effect.never)
          )
        )
        yield* screen.keep(yield* picture)
        return run()
      })

    yield* screen.keep(introduction(beat, yield* style))
    const runs = yield* Effect.forEach(Record.keys(Model.all), show)
    yield* screen.keep(comparison(runs, yield* style))
    return runs
  })
