/** The command `serve`. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as LogLevel from "effect/LogLevel"
import { url } from "../../../domain/Address.js"
import type { Framing } from "../../../domain/Framing.js"
import type { AtLimit, Idle } from "../../../domain/Limits.js"
import type { ListenError } from "../../../domain/NetworkError.js"
import { withFraming } from "../../../domain/Protocol.js"
import type { CertificateUnusable } from "../../../domain/TlsError.js"
import type { MathjsNotInstalled } from "../../../services/MathjsEvaluator.js"
import { all, Observer } from "../../../services/Observer.js"
import { SocketServer } from "../../../services/SocketServer.js"
import type { WorkerNotFound } from "../../../services/WorkerEvaluator.js"
import * as Server from "../../server/Server.js"
import { namedModel } from "../arguments/namedModel.js"
import type { Servable } from "../arguments/namedProtocol.js"
import { namedProtocol } from "../arguments/namedProtocol.js"
import { isPath } from "../arguments/protocolModule.js"
import type { Chosen } from "../arguments/Setting.js"
import { textFramings } from "../arguments/textFramings.js"
import { UsageError } from "../arguments/UsageError.js"
import * as Console from "../console/Console.js"
import { Threshold } from "../console/Threshold.js"
import type { Options as Admin } from "./administered.js"
import { administered, administeredBy } from "./administered.js"
import { announce, write } from "./announce.js"
import { delayed } from "./delayed.js"
import { DrainTimeout } from "./DrainTimeout.js"
import { evaluator } from "./evaluator.js"
import { exposure } from "./exposure.js"
import type { Options as Listening } from "./listening.js"
import { listening } from "./listening.js"
import { places } from "./places.js"
import { stopping } from "./stopping.js"
import * as Systemd from "./systemd.js"
import type { Assignment } from "./worker/Assignment.js"
import * as Channel from "./worker/channel.js"
import { firstRequests } from "./worker/retirement.js"
import { share } from "./worker/share.js"

/** Its framing is one of bytes, which its page knows. */
const chars = "chars"

export interface Options extends Listening, Admin {
  readonly workers: Chosen<number | undefined>
  readonly pidFile: Chosen<string | undefined>
  readonly framing: Chosen<"auto" | "line" | "chunk">
  readonly maxConnections: Chosen<number>
  readonly atLimit: Chosen<AtLimit>
  readonly maxFrame: Chosen<number>
  readonly idleTimeout: Chosen<Duration.Duration>
  readonly idle: Chosen<Idle>
  readonly requestTimeout: Chosen<Duration.Duration>
  readonly writeTimeout: Chosen<Duration.Duration>
  readonly drainTimeout: Chosen<Duration.Duration>
  readonly drainDelay: Chosen<Duration.Duration>
  readonly otlp: Chosen<string | undefined>
  readonly delay: Chosen<Duration.Duration>
  readonly jitter: Chosen<Duration.Duration>
  readonly mode: Chosen<"user" | "debug">
  readonly logFormat: Chosen<"auto" | "pretty" | "logfmt" | "json">
  readonly logLevel: Chosen<LogLevel.LogLevel>
  readonly evaluator: Chosen<"python" | "mathjs">
  readonly evaluatorWorkers: Chosen<number>
  readonly terse: Chosen<boolean>
}

/** The protocol in the framing that was asked for, by default its own. A setting for all servers is not for those that have but one. */
export const framed = (
  protocol: Servable,
  { source, value }: Options["framing"]
): Effect.Effect<Servable, UsageError> => {
  const isText = protocol.framing.name in textFramings
  if (source === "default" || (!isText && source !== "--framing")) return Effect.succeed(protocol)
  return isText
    ? Effect.succeed(withFraming(protocol, textFramings[value] as Framing<unknown>))
    : new UsageError({
      message: `--framing does not go with ${protocol.name}, which has a framing of its own: ${protocol.framing.name}.`
    })
}

/** A page to try the protocol by, if people can type what it hears. */
const page = (protocol: Servable): Effect.Effect<string | undefined> =>
  protocol.framing.name in textFramings || protocol.name === chars
    ? Effect.map(Effect.promise(() => import("./page.js")), ({ page }) => page(protocol.name))
    : Effect.succeed(undefined)

/** Who tells a collector of the connections, if there is one. */
const spans = (collector: string | undefined) =>
  collector === undefined
    ? Effect.succeed([])
    : Effect.flatMap(
      Effect.promise(() => import("./spans.js")),
      ({ make }) => Effect.map(make(collector), (observer) => [observer])
    )

/**
 * Serves until the server ends of itself or is interrupted: then it drains first. A worker serves where it is assigned to, and
 * until it is told.
 */
export const run = (
  modelName: string,
  protocolName: string,
  options: Options,
  assignment: Assignment | undefined
): Effect.Effect<
  void,
  UsageError | ListenError | CertificateUnusable | MathjsNotInstalled | WorkerNotFound | DrainTimeout
> => {
  const threshold = new Threshold(options.mode.value, options.logLevel.value)
  return Effect.gen(function*() {
    const model = yield* namedModel(modelName)
    const protocol = yield* Effect.flatMap(
      namedProtocol(protocolName, options.terse.value),
      (protocol) => framed(protocol, options.framing)
    )
    const channel = assignment === undefined ? undefined : yield* Channel.make
    const admin = channel === undefined
      ? yield* administered(options, threshold)
      : yield* administeredBy(channel, options, threshold)
    const traced = yield* spans(options.otlp.value)
    const serving = Effect.gen(function*() {
      const systemd = yield* assignment === undefined ? Systemd.make(process) : Effect.succeed(Systemd.silent)
      const server = yield* Server.make(delayed(protocol, options.delay.value, options.jitter.value), {
        model,
        maxConnections: share(options.maxConnections.value, assignment?.part ?? 1, assignment?.of ?? 1),
        atLimit: options.atLimit.value,
        maxFrame: options.maxFrame.value,
        idleTimeout: options.idleTimeout.value,
        idle: options.idle.value,
        requestTimeout: options.requestTimeout.value,
        writeTimeout: options.writeTimeout.value,
        drainTimeout: options.drainTimeout.value
      })
      yield* admin.attach(server)
      const { others = [] } = yield* SocketServer
      const listening = [server.address, ...others]
      const addresses = listening.map(url)
      if (channel !== undefined) {
        yield* Channel.tell({ _tag: "Ready", model: model.name, protocol: protocol.name, listening: addresses })
      } else if (!options.inetd.value) {
        // With --inetd standard output is the client's.
        yield* announce(addresses, [model.name, protocol.name])
        const exposed = exposure(protocol.name, listening, options)
        if (exposed !== undefined) yield* Effect.annotateLogs(Effect.logWarning(exposed), "event", "exposed")
      }
      if (admin.place !== undefined && !options.inetd.value) yield* write(`admin at ${admin.place}\n`)
      yield* systemd.ready(`serving at ${addresses.join(", ")}`)
      const [told, end] = channel === undefined
        ? [admin.drainAsked, stopping(server, options.drainDelay.value, () => admin.enter("draining"))]
        : [untilTold(server, channel, options.drainTimeout.value), server.stop]
      const stop = Effect.zipRight(systemd.stopping, end)
      // An interruption is the way to stop, and not the end: how the drain went is still to be said.
      yield* Effect.uninterruptibleMask((restore) =>
        Effect.gen(function*() {
          const ended = restore(Effect.raceFirst(server.ended, Effect.zipRight(told, stop)))
          const report = yield* Effect.catchAllCause(ended, () => stop)
          admin.enter("stopped")
          if (channel !== undefined) yield* Channel.tell({ _tag: "Stopped", ...report, metrics: yield* admin.metrics })
          else if (report.cut > 0) yield* new DrainTimeout(report)
        })
      )
    })
    const where = assignment?.places ?? (yield* places(options))
    const listeners = where.map((place, at) => ({ ...place, leaving: channel && leaving(channel, at) }))
    yield* Effect.scoped(serving).pipe(
      Effect.provide(Layer.scoped(SocketServer, listening(listeners, options, page(protocol)))),
      Effect.provide(evaluator(options.evaluator.value, options.evaluatorWorkers.value)),
      Effect.provideServiceEffect(
        Observer,
        Effect.map(Observer, (observer) => all([observer, ...admin.observers, ...traced]))
      )
    )
  }).pipe(
    Effect.scoped,
    // Around all of it: a module that is loaded may log, too, and Node may warn of it.
    Effect.provide(
      Console.layer({
        mode: options.mode.value,
        format: options.logFormat.value,
        threshold,
        isAdjustable: options.admin.value !== undefined,
        module: isPath(protocolName) ? protocolName : undefined,
        look: assignment?.log,
        worker: assignment?.number
      })
    )
  )
}

/** When the worker is to take nobody more from that place, since others do. */
const leaving = ({ retired }: Channel.Channel, place: number): Effect.Effect<void> =>
  Effect.flatMap(retired, (staying) => staying.includes(place) ? Effect.void : Effect.never)

/** Waits until the worker is to stop. Who retires answers first whoever has just come. */
const untilTold = (
  server: Server.Server,
  { retired, stopped }: Channel.Channel,
  drainTimeout: Duration.Duration
): Effect.Effect<void> => Effect.raceFirst(Effect.zipRight(retired, firstRequests(server.list, drainTimeout)), stopped)
