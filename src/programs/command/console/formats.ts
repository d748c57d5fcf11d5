/** How a log's lines look: to people, and to the programs that collect logs. */
import * as Array from "effect/Array"
import * as Cause from "effect/Cause"
import * as FiberId from "effect/FiberId"
import * as FiberRefs from "effect/FiberRefs"
import * as HashMap from "effect/HashMap"
import * as Inspectable from "effect/Inspectable"
import * as List from "effect/List"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import pc from "picocolors"
import type { Entry } from "./Entry.js"

/** What a logger makes a line of, for what happens in no fiber. */
export const outside = ({ cause, fields, level, message }: Entry): Logger.Logger.Options<unknown> => ({
  fiberId: FiberId.none,
  logLevel: level,
  message,
  cause: cause ?? Cause.empty,
  context: FiberRefs.empty(),
  spans: List.empty(),
  annotations: HashMap.fromIterable(Object.entries(fields)),
  date: new Date()
})

/** With a fact more in every line. */
export const annotated = <A>(
  logger: Logger.Logger<unknown, A>,
  name: string,
  value: unknown
): Logger.Logger<unknown, A> =>
  Logger.make((options) => logger.log({ ...options, annotations: HashMap.set(options.annotations, name, value) }))

const seconds = (milliseconds: number): string => `+${(milliseconds / 1000).toFixed(3)}s`

/**
 * Aligned, with times relative to `start`: the time, the connection, the sentence; and below them the cause, for those
 * who want it.
 */
export const pretty = (start: number, isColoured: boolean, withCause: boolean): Logger.Logger<unknown, string> => {
  const { cyan, gray, red, yellow } = pc.createColors(isColoured)
  const paints: Readonly<Record<string, (text: string) => string>> = {
    TRACE: gray,
    DEBUG: gray,
    INFO: String,
    WARN: yellow,
    ERROR: red,
    FATAL: red
  }
  return Logger.make(({ annotations, cause, date, logLevel, message }) => {
    const paint = paints[logLevel.label] ?? String
    const sentence = Array.ensure(message).map((part) => Inspectable.toStringUnknown(part, 0)).join(" ")
    const worker = Option.getOrElse(HashMap.get(annotations, "worker"), () => "")
    const id = Option.match(HashMap.get(annotations, "id"), {
      onNone: () => String(worker),
      onSome: (id) => `${String(worker)}#${String(id)}`
    })
    const time = seconds(date.getTime() - start).padStart(11)
    const line = `${gray(time)}  ${cyan(id.padEnd(6))} ${paint(sentence)}`
    if (Cause.isEmptyType(cause) || !withCause) return line
    return `${line}\n${paint(Cause.pretty(cause, { renderErrorCause: true }))}`
  })
}

/** What happens outside of any fiber has no fiber's name. */
export const logfmt: Logger.Logger<unknown, string> = Logger.map(
  Logger.logfmtLogger,
  (line) => line.replace(" fiber= ", " ")
)

/** As Effect's own, without what is empty. */
export const json: Logger.Logger<unknown, string> = Logger.map(
  Logger.structuredLogger,
  ({ fiberId, spans, ...line }) =>
    Inspectable.stringifyCircular({
      ...line,
      ...(Object.keys(spans).length === 0 ? {} : { spans }),
      ...(fiberId === "" ? {} : { fiberId })
    })
)
