/**
 * What a person sees of a server: its events, as lines on standard error. In mode `user`, the connections, refusals,
 * closes and faults; in mode `debug`, each message as well.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import type * as Scope from "effect/Scope"
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
  /** How the log looks that this one is a part of. Default: it is its own. */
  readonly look?: Look | undefined
  /** Which worker's part it is. Default: it is nobody's. */
  readonly worker?: number | undefined
}

/** What the looks of a log go by. */
export interface Look {
  /** When it began, in milliseconds since 1970. */
  readonly start: number
  readonly isTerminal: boolean
  readonly hasColors: boolean
}

/** That of a log which begins now, and is this process's own. */
export const look = (): Look => ({
  start: Date.now(),
  isTerminal: process.stderr.isTTY,
  hasColors: process.stderr.isTTY && process.stderr.hasColors()
})

const formatOf = ({ format, mode }: Options, look: Look): formats.Format => {
  if (format === "json") return formats.json
  if (format === "logfmt" || (format === "auto" && !look.isTerminal)) return formats.logfmt
  return formats.pretty(look.start, look.hasColors, mode === "debug")
}

/** A log to write to. */
export interface Log {
  /** Whether what is of that level is shown. */
  readonly isShown: (level: LogLevel.LogLevel) => boolean
  /** What has happened, as a line, if there is room for one. What is minor leaves room to what is not. */
  readonly write: (entry: () => Entry.Entry, isMinor: boolean) => void
  /** What a fiber logs, likewise. */
  readonly log: (options: Logger.Logger.Options<unknown>) => void
  /** A line that is one already, of somebody who may have many: it leaves room to others. */
  readonly pass: (line: string) => void
}

/** The log on standard error; Node's warnings, which would stand between its lines as they are, become some of them. */
export const open = (options: Options): Effect.Effect<Log, never, Scope.Scope> =>
  Effect.gen(function*() {
    const { threshold, worker } = options
    const isShown = (level: LogLevel.LogLevel): boolean => threshold.shows(level)
    const plain = formatOf(options, options.look ?? look())
    const format = worker === undefined ? plain : formats.annotated(plain, "worker", worker)
    const writer = yield* LineWriter.make(process.stderr, (count) =>
      format.entry({
        level: LogLevel.Warning,
        message: `${count} lines dropped: they could not be written, or not as fast as they came`,
        fields: { event: "dropped", count }
      }), LineWriter.log)

    const warn = ({ message, name }: Error): void => {
      if (!isShown(LogLevel.Warning)) return
      const entry = { level: LogLevel.Warning, message: `${name}: ${message}`, fields: { event: "warning" } }
      writer.write(() => format.entry(entry), false)
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
    return {
      isShown,
      write: (entry, isMinor) => writer.write(() => format.entry(entry()), isMinor),
      log: (options) => writer.write(() => format.log(options), false),
      pass: (line) => writer.write(() => line, true)
    }
  })

/** The observer that shows a server's events, and a logger for what its protocol logs: both write the same lines. */
export const layer = (options: Options): Layer.Layer<Observer> =>
  Layer.unwrapScoped(Effect.map(open(options), ({ isShown, log, write }) => {
    const { isAdjustable, mode, threshold } = options
    const logged = (options: Logger.Logger.Options<unknown>): void => {
      if (isShown(options.logLevel)) log(options)
    }
    const observe = (event: ServerEvent): void => {
      if (!isShown(Entry.levelOf(event))) return
      const isMessage = event._tag === "Request" || event._tag === "Reply"
      write(() => Entry.make(event, options.module), isMessage)
    }
    return Layer.mergeAll(
      // Messages are told, or not, from the beginning.
      Layer.succeed(Observer, { messages: isAdjustable ? mode === "debug" : isShown(LogLevel.Debug), observe }),
      Logger.replace(Logger.defaultLogger, Logger.make(logged)),
      Logger.minimumLogLevel(isAdjustable ? LogLevel.All : threshold.least)
    )
  }))
