/**
 * What a person sees of a server: its events, as lines on standard error. In mode `user`, the connections, refusals,
 * closes and faults; in mode `debug`, each message as well.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as FiberId from "effect/FiberId"
import * as FiberRefs from "effect/FiberRefs"
import * as HashMap from "effect/HashMap"
import * as Layer from "effect/Layer"
import * as List from "effect/List"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import type { ServerEvent } from "../../../domain/ServerEvent.js"
import { Observer } from "../../../services/Observer.js"
import * as Entry from "./Entry.js"
import * as formats from "./formats.js"
import { LineWriter } from "./LineWriter.js"

export interface Options {
  readonly mode: "user" | "debug"
  readonly format: "auto" | "pretty" | "logfmt" | "json"
  /** What is less is not shown, whatever the mode. */
  readonly level: LogLevel.LogLevel
}

const loggerOf = ({ format, mode }: Options): Logger.Logger<unknown, string> => {
  const isTerminal = process.stderr.isTTY
  if (format === "json") return formats.json
  if (format === "logfmt" || (format === "auto" && !isTerminal)) return formats.logfmt
  return formats.pretty(Date.now(), isTerminal && process.stderr.hasColors(), mode === "debug")
}

/** At the end, how long a slow reader of the log has to take its last lines, in milliseconds. */
const patience = 500

/** Events come from no fiber, and are logged by none. */
const ofEntry = ({ cause, fields, level, message }: Entry.Entry): Logger.Logger.Options<unknown> => ({
  fiberId: FiberId.none,
  logLevel: level,
  message,
  cause: cause ?? Cause.empty,
  context: FiberRefs.empty(),
  spans: List.empty(),
  annotations: HashMap.fromIterable(Object.entries(fields)),
  date: new Date()
})

/** The observer that shows a server's events, and a logger for what its protocol logs: both write the same lines. */
export const layer = (options: Options): Layer.Layer<Observer> =>
  Layer.unwrapScoped(Effect.gen(function*() {
    const { level, mode } = options
    const least = mode === "user" ? LogLevel.greaterThan(level, LogLevel.Info) ? level : LogLevel.Info : level
    const isShown = (level: LogLevel.LogLevel): boolean => LogLevel.greaterThanEqual(level, least)
    const line = loggerOf(options)
    const writer = new LineWriter(process.stderr, (count) =>
      line.log(ofEntry({
        level: LogLevel.Warning,
        message: `${count} lines dropped: they came faster than they can be written`,
        fields: { event: "dropped", count }
      })))
    const end = Effect.async<void>((resume) => writer.end(() => resume(Effect.void)))
    yield* Effect.addFinalizer(() => Effect.timeoutOption(Effect.interruptible(end), patience))

    const observe = (event: ServerEvent): void => {
      if (!isShown(Entry.levelOf(event))) return
      const isMessage = event._tag === "Request" || event._tag === "Reply"
      writer.write(() => line.log(ofEntry(Entry.make(event))), isMessage)
    }
    return Layer.mergeAll(
      Layer.succeed(Observer, { messages: isShown(LogLevel.Debug), observe }),
      Logger.replace(Logger.defaultLogger, Logger.make((options) => writer.write(() => line.log(options), false))),
      Logger.minimumLogLevel(least)
    )
  }))
