/** A server of several processes: its workers serve, and this process sees to them. */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { parse } from "../../../domain/Address.js"
import * as Limits from "../../../domain/Limits.js"
import type { ListenError } from "../../../domain/NetworkError.js"
import type { Level } from "../admin/Administration.js"
import { Administration } from "../admin/Administration.js"
import { limitsOf } from "../admin/Local.js"
import type { UsageError } from "../arguments/UsageError.js"
import * as Console from "../console/Console.js"
import type { Entry } from "../console/Entry.js"
import { Threshold } from "../console/Threshold.js"
import * as administered from "../serve/administered.js"
import { announce, write } from "../serve/announce.js"
import { DrainTimeout } from "../serve/DrainTimeout.js"
import { exposure } from "../serve/exposure.js"
import { places } from "../serve/places.js"
import type { Options } from "../serve/Serve.js"
import * as Systemd from "../serve/systemd.js"
import { check } from "./check.js"
import * as entries from "./entries.js"
import type { WorkerFailed } from "./errors.js"
import * as HangUp from "./HangUp.js"
import type { Terms } from "./Service.js"
import { Service, terms } from "./Service.js"
import type { Settings } from "./Settings.js"
import { Reread } from "./Settings.js"
import type { Shift } from "./Shift.js"
import * as Shifts from "./Shift.js"
import { Sockets } from "./Sockets.js"
import { watch } from "./watch.js"
import * as Wishes from "./Wishes.js"
import { Worker } from "./Worker.js"

type Failure = UsageError | ListenError | WorkerFailed

/** Beyond its drain, a worker waits for who has just come, and says goodbye. */
const patience = (drainTimeout: Duration.Duration): Duration.Duration => Duration.sum(drainTimeout, "10 seconds")

/** The log of the service: its workers' lines are among the supervisor's own. */
const openLog = (options: Options, look: Console.Look) =>
  Effect.map(
    Console.open({
      mode: options.mode.value,
      format: options.logFormat.value,
      threshold: new Threshold(options.mode.value, options.logLevel.value),
      isAdjustable: false,
      module: undefined,
      look
    }),
    ({ isShown, pass, write }) => ({
      pass,
      say: (entry: Entry): void => {
        if (isShown(entry.level)) write(() => entry, false)
      }
    })
  )

/** A shift, and the sockets that it listens with. */
interface Begun {
  readonly shift: Shift<Worker>
  readonly keys: ReadonlyArray<string>
  readonly terms: Terms
}

const termsOf = (options: Options): Terms =>
  terms(
    limitsOf(Limits.make({
      maxConnections: options.maxConnections.value,
      idleTimeout: options.idleTimeout.value,
      requestTimeout: options.requestTimeout.value,
      writeTimeout: options.writeTimeout.value,
      drainTimeout: options.drainTimeout.value
    })),
    options.logLevel.value._tag.toLowerCase() as Level
  )

/** Serves until it is done of itself, or is interrupted: then the workers drain first. */
export const run = (settings: Settings): Effect.Effect<void, Failure | DrainTimeout> =>
  Effect.scoped(Effect.gen(function*() {
    const { options } = settings
    const look = Console.look()
    const { pass, say } = yield* openLog(options, look)
    const systemd = yield* Systemd.make(
      process,
      (sentence) => Effect.sync(() => say(entries.warning(sentence, "systemd")))
    )
    const over = yield* Deferred.make<void, WorkerFailed>()
    const stopAsked = yield* Deferred.make<void>()
    const reloads = yield* Wishes.make<Failure>()
    const port = yield* administered.port(options)
    const sockets = new Sockets()
    yield* Effect.addFinalizer(() => sockets.keep(new Set()))

    let current: Begun | undefined = undefined
    let started = 0
    /** Those that are told to end. */
    const leaving = new Map<Shift<Worker>, Fiber.RuntimeFiber<number>>()
    const service = new Service({
      workers: () => current?.shift.workers() ?? [],
      leaving: () => Array.from(leaving.keys(), ({ workers }) => workers()).flat(),
      reload: reloads.wish,
      drain: Effect.asVoid(Deferred.succeed(stopAsked, undefined)),
      showsMessages: options.adminShowMessages.value
    }, termsOf(options))

    /** Starts workers that go by these settings. */
    const begin = (settings: Settings): Effect.Effect<Begun, Failure> =>
      Effect.gen(function*() {
        const { file, options } = settings
        const of = yield* check(settings)
        const claims = yield* sockets.claim(yield* places(options))
        const terms = termsOf(options)
        const start = (part: number): Worker => {
          const worker = new Worker({
            assignment: {
              number: ++started,
              part,
              of,
              file: file && { path: file.path, values: Array.from(file.values) },
              places: claims.map(({ place }) => place),
              log: look
            },
            line: pass,
            happened: (happenings) => service.happened(worker, happenings)
          })
          Effect.runFork(service.look(worker, terms))
          return worker
        }
        const shift = yield* Shifts.make({
          of,
          places: claims.length,
          start,
          say,
          patience: patience(options.drainTimeout.value),
          over: (how) => Deferred.unsafeDone(over, how)
        })
        return { shift, terms, keys: claims.map(({ key }) => key) }
      })

    const announced = new Set<string>()
    const tellWhere = ({ shift: { ready, workers } }: Begun) => {
      const places = ready.listening.filter((place) => !announced.has(place))
      for (const place of places) announced.add(place)
      const { length } = workers()
      return announce(places, [ready.model, ready.protocol, `${length} worker${length === 1 ? "" : "s"}`])
    }

    // Also while the first workers start: then it follows.
    yield* HangUp.listen(reloads.unsafeWish)
    const first = yield* begin(settings)
    current = first
    service.follow(first.terms)
    yield* tellWhere(first)
    if (port !== undefined) {
      yield* Effect.provideService(port.serve, Administration, service.administration)
      yield* write(`admin at ${administered.placeOf(port)}\n`)
    }
    service.enter("ready")
    const { listening, protocol } = first.shift.ready
    const exposed = exposure(protocol, listening.flatMap((place) => parse(place) ?? []), options)
    if (exposed !== undefined) say(entries.warning(exposed, "exposed"))
    const ready = Effect.suspend(() => {
      const { shift } = current ?? first
      const { length } = shift.workers()
      return systemd.ready(`${length} worker${length === 1 ? "" : "s"}, serving at ${shift.ready.listening.join(", ")}`)
    })
    yield* ready
    yield* Effect.forkScoped(Effect.interruptible(watch(() => (current ?? first).shift.workers(), say)))

    const reread = yield* Reread
    const reload = Effect.gen(function*() {
      const before = current ?? first
      const begun = yield* Effect.onError(Effect.flatMap(reread, begin), () => sockets.keep(new Set(before.keys)))
      current = begun
      service.follow(begun.terms)
      const staying = before.keys.flatMap((key, place) => begun.keys.includes(key) ? [place] : [])
      const end = Effect.ensuring(
        before.shift.end({ _tag: "Retire", staying }),
        Effect.sync(() => leaving.delete(before.shift))
      )
      leaving.set(before.shift, yield* Effect.forkDaemon(end))
      yield* sockets.keep(new Set(begun.keys))
      yield* tellWhere(begun)
      say(entries.reloaded(begun.shift.workers().length))
    }).pipe(
      Effect.scoped,
      Effect.tapError(({ message }) => Effect.sync(() => say(entries.notReloaded(message)))),
      (reload) => Effect.zipRight(systemd.reloading, Effect.ensuring(reload, ready))
    )
    const reloading = yield* Effect.forkDaemon(Effect.interruptible(reloads.grant(reload)))

    const stop = Effect.gen(function*() {
      yield* systemd.stopping
      // Else who connects when the workers have gone would wait for nobody.
      yield* sockets.keep(new Set())
      const late = Array.from(leaving, ([shift, fiber]) => {
        shift.tell({ _tag: "Stop" })
        return Effect.map(Fiber.await(fiber), Exit.getOrElse(() => 0))
      })
      const { shift } = current ?? first
      const cut = yield* Effect.all(
        [shift.end({ _tag: "Stop" }), Effect.as(Fiber.interrupt(reloading), 0), ...late],
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
        const how = yield* Effect.exit(restore(Effect.raceFirst(Deferred.await(over), Deferred.await(stopAsked))))
        service.enter("draining")
        const isAsked = Exit.isFailure(how) ? Exit.isInterrupted(how) : yield* Deferred.isDone(stopAsked)
        if (isAsked) yield* listenOn
        const cut = yield* stop
        service.enter("stopped")
        if (Exit.isFailure(how) && !isAsked) yield* how
        if (cut > 0) yield* new DrainTimeout({ cut })
      })
    )
  }))
