/** A server of several processes: its workers serve, and this process sees to them. */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import { parse } from "../../../domain/Address.js"
import type { ListenError } from "../../../domain/NetworkError.js"
import { namedModel } from "../arguments/namedModel.js"
import { UsageError } from "../arguments/UsageError.js"
import * as Console from "../console/Console.js"
import type { Entry } from "../console/Entry.js"
import * as formats from "../console/formats.js"
import { Threshold } from "../console/Threshold.js"
import { announce } from "../serve/announce.js"
import { DrainTimeout } from "../serve/DrainTimeout.js"
import { exposure } from "../serve/exposure.js"
import { places } from "../serve/places.js"
import * as Systemd from "../serve/systemd.js"
import * as entries from "./entries.js"
import type { WorkerFailed } from "./errors.js"
import * as HangUp from "./HangUp.js"
import type { Settings } from "./Settings.js"
import { Reread } from "./Settings.js"
import type { Shift } from "./Shift.js"
import * as Shifts from "./Shift.js"
import { Sockets } from "./Sockets.js"
import { Worker } from "./Worker.js"

/** Models that serve one client at a time. */
const lonely = new Set(["once", "iterative", "single"])

/** Whether workers can share what these settings ask for. */
const check = (
  { model, options: { admin, inetd, maxConnections, workers } }: Settings
): Effect.Effect<number, UsageError> =>
  Effect.gen(function*() {
    const { name } = yield* namedModel(model)
    const { source, value: count = 1 } = workers
    if (count > 1 && lonely.has(name)) {
      return yield* new UsageError({
        message: `${source} ${workers.text} does not go with ${name}, which serves one client at a time: `
          + "leave it out, or choose threaded or select."
      })
    }
    if (inetd.value) {
      return yield* new UsageError({
        message: `${source} does not go with ${inetd.source}, which serves one connection: leave out one of them.`
      })
    }
    if (admin.value !== undefined) {
      return yield* new UsageError({
        message: `${source} does not go with ${admin.source}, which is for one process: leave out one of them.`
      })
    }
    if (maxConnections.value < count) {
      return yield* new UsageError({
        message:
          `${maxConnections.source} ${maxConnections.text} is less than the ${count} workers: each takes one at the least.`
      })
    }
    return count
  })

/** Beyond its drain, a worker waits for who has just come, and says goodbye. */
const patience = (drainTimeout: Duration.Duration): Duration.Duration => Duration.sum(drainTimeout, "10 seconds")

/** Workers, and the sockets that they listen with. */
interface Service {
  readonly shift: Shift
  readonly keys: ReadonlyArray<string>
}

/** Serves until it is done of itself or is interrupted: then the workers drain first. */
export const run = (
  settings: Settings
): Effect.Effect<void, UsageError | ListenError | WorkerFailed | DrainTimeout> =>
  Effect.scoped(Effect.gen(function*() {
    const { options } = settings
    const look = Console.look()
    const log = yield* Console.open({
      mode: options.mode.value,
      format: options.logFormat.value,
      threshold: new Threshold(options.mode.value, options.logLevel.value),
      isAdjustable: false,
      module: undefined,
      look
    })
    const say = (entry: Entry): void => {
      if (log.isShown(entry.level)) log.write(() => formats.outside(entry), false)
    }
    const systemd = yield* Systemd.make(process, (sentence) =>
      Effect.sync(() => say(entries.warning(sentence, "systemd"))))
    const over = yield* Deferred.make<void, WorkerFailed>()
    const sockets = new Sockets()
    let started = 0
    yield* Effect.addFinalizer(() =>
      sockets.keep(new Set())
    )

    /** Starts workers that go by these settings. */
    const begin = (settings: Settings): Effect.Effect<Service, UsageError | ListenError | WorkerFailed> =>
      Effect.gen(function*() {
        const { file, options } = settings
        const of = yield* check(settings)
        const claims = yield* sockets.claim(yield* places(options))
        const shift = yield* Shifts.make({
          of,
          places: claims.length,
          say,
          patience: patience(options.drainTimeout.value),
          over: (how) => Deferred.unsafeDone(over, how),
          start: (part) =>
            new Worker({
              assignment: {
                number: ++started,
                part,
                of,
                file: file && { path: file.path, values: Array.from(file.values) },
                places: claims.map(({ place }) => place),
                log: look
              },
              line: log.pass
            })
        })
        return { shift, keys: claims.map(({ key }) => key) }
      })

    let current = yield* begin(settings)
    const announced = new Set<string>()
    const tellWhere = ({ shift: { ready, workers } }: Service) => {
      const places = ready.listening.filter((place) => !announced.has(place))
      for (const place of places) announced.add(place)
      const { length } = workers()
      return announce(places, [ready.model, ready.protocol, `${length} worker${length === 1 ? "" : "s"}`])
    }
    yield* tellWhere(current)
    const { ready: { listening, protocol } } = current.shift
    const exposed = exposure(protocol, listening.flatMap((place) => parse(place) ?? []), options)
    if (exposed !== undefined) say(entries.warning(exposed, "exposed"))
    const ready = Effect.suspend(() => {
      const { ready, workers } = current.shift
      return systemd.ready(`${workers().length} workers, serving at ${ready.listening.join(", ")}`)
    })
    yield* ready

    /** Those that are told to end. */
    const leaving = new Map<Shift, Fiber.RuntimeFiber<number>>()
    const reread = yield* Reread
    const reload = Effect.gen(function*() {
      const begun = yield* Effect.onError(
        Effect.flatMap(reread, begin),
        () => sockets.keep(new Set(current.keys))
      )
      const { keys, shift } = current
      current = begun
      const staying = keys.flatMap((key, place) => current.keys.includes(key) ? [place] : [])
      const end = Effect.ensuring(
        shift.end({ _tag: "Retire", staying }),
        Effect.sync(() => leaving.delete(shift))
      )
      leaving.set(shift, yield* Effect.forkDaemon(end))
      yield* sockets.keep(new Set(current.keys))
      yield* tellWhere(current)
      say(entries.reloaded(current.shift.workers().length))
    }).pipe(
      Effect.scoped,
      Effect.tapError(({ message }) => Effect.sync(() => say(entries.notReloaded(message)))),
      (reload) => Effect.zipRight(systemd.reloading, Effect.ensuring(reload, ready))
    )

    // One that is asked for while another is under way follows it.
    const wishes = yield* Queue.sliding<void>(1)
    yield* HangUp.listen(() => wishes.unsafeOffer(undefined))
    const reloading = yield* Effect.forkDaemon(
      Effect.interruptible(Effect.forever(Effect.zipRight(Queue.take(wishes), Effect.ignore(reload))))
    )

    const stop = Effect.gen(function*() {
      yield* systemd.stopping
      // Else who connects when the workers have gone would wait for nobody.
      yield* sockets.keep(new Set())
      const late = Array.from(leaving, ([shift, fiber]) => {
        shift.tell({ _tag: "Stop" })
        return Effect.map(Fiber.await(fiber), Exit.getOrElse(() => 0))
      })
      const cut = yield* Effect.all(
        [current.shift.end({ _tag: "Stop" }), Effect.as(Fiber.interrupt(reloading), 0), ...late],
        { concurrency: "unbounded" }
      )
      return cut.reduce((sum, count) => sum + count, 0)
    })
    const delay = options.drainDelay.value
    const listenOn = Effect.suspend(() => {
      if (Duration.toMillis(delay) === 0) return Effect.void
      say(entries.listensOn(delay))
      return Effect.sleep(delay)
    })
    yield* Effect.uninterruptibleMask((restore) =>
      Effect.gen(function*() {
        const how = yield* Effect.exit(restore(Deferred.await(over)))
        if (Exit.isInterrupted(how)) yield* listenOn
        const cut = yield* stop
        if (Exit.isFailure(how) && !Exit.isInterrupted(how)) yield* how
        if (cut > 0) yield* new DrainTimeout({ cut })
      })
    )
  }))
