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
import * as Descriptor from "../console/Descriptor.js"
import { Threshold } from "../console/Threshold.js"
import type { Options as Admin } from "./administered.js"
import { administered } from "./administered.js"
import { delayed } from "./delayed.js"
import { DrainTimeout } from "./DrainTimeout.js"
import { evaluator } from "./evaluator.js"
import type { Options as Listening } from "./listening.js"
import { listening } from "./listening.js"
import { stopping } from "./stopping.js"

/** Its framing is one of bytes, which its page knows. */
const chars = "chars"

export interface Options extends Listening, Admin {
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
const framed = (protocol: Servable, { source, value }: Options["framing"]): Effect.Effect<Servable, UsageError> => {
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

/** A server that nobody listens to on stdout, or whose disk is full, serves all the same. */
const announce = (line: string) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => Descriptor.open(process.stdout)),
      (descriptor) => Effect.sync(() => descriptor.close())
    ),
    (descriptor) => descriptor.write(Buffer.from(line), () => {})
  )

/** Serves until the server ends of itself or is interrupted: then it drains first. */
export const run = (
  modelName: string,
  protocolName: string,
  options: Options
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
    const admin = yield* administered(options, threshold)
    const serving = Effect.gen(function*() {
      const server = yield* Server.make(delayed(protocol, options.delay.value, options.jitter.value), {
        model,
        maxConnections: options.maxConnections.value,
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
      // With --inetd standard output is the client's.
      for (const address of options.inetd.value ? [] : [server.address, ...others]) {
        yield* announce(`listening on ${url(address)} (${model.name}, ${protocol.name})\n`)
      }
      if (admin.place !== undefined) yield* announce(`admin at ${admin.place}\n`)
      const stop = stopping(server, options.drainDelay.value, () => admin.enter("draining"))
      // An interruption is the way to stop, and not the end: how the drain went is still to be said.
      yield* Effect.uninterruptibleMask((restore) =>
        Effect.flatMap(
          Effect.catchAllCause(
            restore(Effect.raceFirst(server.ended, Effect.zipRight(admin.drainAsked, stop))),
            () => stop
          ),
          (report) => {
            admin.enter("stopped")
            return report.cut > 0 ? new DrainTimeout(report) : Effect.void
          }
        )
      )
    })
    yield* Effect.scoped(serving).pipe(
      Effect.provide(Layer.scoped(SocketServer, listening(options, page(protocol)))),
      Effect.provide(evaluator(options.evaluator.value, options.evaluatorWorkers.value)),
      Effect.provideServiceEffect(Observer, Effect.map(Observer, (observer) => all([observer, ...admin.observers])))
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
        module: isPath(protocolName) ? protocolName : undefined
      })
    )
  )
}
