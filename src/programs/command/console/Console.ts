/**
 * What a person sees of a server: its events, as lines on standard error. In mode `user`, the connections, refusals,
 * closes and faults; in mode `debug`, each message as well.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import type { ServerEvent } from "../../../domain/ServerEvent.js"
import { Observer } from "../../../services/Observer.js"
import * as Entry from "./Entry.js"
import * as formats from "./formats.js"
import * as LineWriter from "./LineWriter.js"
import type { Threshold } from "./Threshold.js"

export interface Options {
  readonly mode: "user" | "debug"
  readonly format: "auto" | "pretty" | "logfmt" | "json"
  /** What is less is not shown. */
  readonly threshold: Threshold
  /** Whether the threshold may be changed while the server runs. */
  readonly isAdjustable: boolean
  /** The file of the protocol, where it is a module. */
  readonly module: string | undefined
}

const loggerOf = ({ format, mode }: Options): Logger.Logger<unknown, string> => {
  const isTerminal = process.stderr.isTTY
  if (format === "json") return formats.json
  if (format === "logfmt" || (format === "auto" && !isTerminal)) return formats.logfmt
  return formats.pretty(Date.now(), isTerminal && process.stderr.hasColors(), mode === "debug")
}

/**
 * The observer that shows a server's events, and a logger for what its protocol logs: both write the same lines, and so do
 * Node's warnings, which would stand between them as they are.
 */
export const layer = (options: Options): Layer.Layer<Observer> =>
  Layer.unwrapScoped(Effect.gen(function*() {
    const { isAdjustable, mode, threshold } = options
    const isShown = (level: LogLevel.LogLevel): boolean => threshold.shows(level)
    const log = (entry: Logger.Logger.Options<unknown>): void => {
      if (isShown(entry.logLevel)) writer.write(() => line.log(entry), false)
    }
    const line = loggerOf(options)
    const writer = yield* LineWriter.make(process.stderr, (count) =>
      line.log(formats.outside({
        level: LogLevel.Warning,
        message: `${count} lines dropped: they could not be written, or not as fast as they came`,
        fields: { event: "dropped", count }
      })), LineWriter.log)

    const warn = ({ message, name }: Error): void => {
      if (!isShown(LogLevel.Warning)) return
      const entry = { level: LogLevel.Warning, message: `${name}: ${message}`, fields: { event: "warning" } }
      writer.write(() => line.log(formats.outside(entry)), false)
    }
    yield* Effect.acquireRelease(
      Effect.sync(() => {
        const others = process.listeners("warning")
        process.removeAllListeners("warning").on("warning", warn)
        return others
      }),
      (others) =>
        Effect.sync(() => {
          process.off("warning", warn)
          for (const other of others) process.on("warning", other)
        })
    )

    const observe = (event: ServerEvent): void => {
      if (!isShown(Entry.levelOf(event))) return
      const isMessage = event._tag === "Request" || event._tag === "Reply"
      writer.write(() => line.log(formats.outside(Entry.make(event, options.module))), isMessage)
    }
    return Layer.mergeAll(
      // Messages are told, or not, from the beginning.
      Layer.succeed(Observer, { messages: isAdjustable ? mode === "debug" : isShown(LogLevel.Debug), observe }),
      Logger.replace(Logger.defaultLogger, Logger.make(log)),
      Logger.minimumLogLevel(isAdjustable ? LogLevel.All : threshold.least)
    )
  }))
