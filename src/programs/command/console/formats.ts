/** How a log's lines look: to people, and to the programs that collect logs. */
import * as Array from "effect/Array"
import * as Cause from "effect/Cause"
import * as HashMap from "effect/HashMap"
import * as Inspectable from "effect/Inspectable"
import * as Logger from "effect/Logger"
import type * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import pc from "picocolors"
import type { Entry } from "./Entry.js"

/** One way that lines look. */
export interface Format {
  /** Of what happens outside of any fiber: there are many of these, so no Logger is asked. */
  readonly entry: (entry: Entry) => string
  /** Of what a fiber logs, as Effect's own loggers have it. */
  readonly log: (options: Logger.Logger.Options<unknown>) => string
}

const causeOf = (cause: Cause.Cause<unknown>): string => Cause.pretty(cause, { renderErrorCause: true })

/** With a fact more in every line. */
export const annotated = (format: Format, name: string, value: string | number): Format => ({
  entry: (entry) => format.entry({ ...entry, fields: { ...entry.fields, [name]: value } }),
  log: (options) => format.log({ ...options, annotations: HashMap.set(options.annotations, name, value) })
})

const seconds = (milliseconds: number): string => `+${(milliseconds / 1000).toFixed(3)}s`

/** What a line's fields hold, where it has that one. */
type Fact = string | number | undefined

/**
 * Aligned, with times relative to `start`: the time, the connection, the sentence; and below them the cause, for those
 * who want it.
 */
export const pretty = (start: number, isColoured: boolean, withCause: boolean): Format => {
  const { cyan, gray, red, yellow } = pc.createColors(isColoured)
  const paints: Readonly<Record<string, (text: string) => string>> = {
    TRACE: gray,
    DEBUG: gray,
    INFO: String,
    WARN: yellow,
    ERROR: red,
    FATAL: red
  }
  const line = (
    date: number,
    worker: Fact,
    id: Fact,
    { label }: LogLevel.LogLevel,
    sentence: string,
    cause: Cause.Cause<unknown> = Cause.empty
  ): string => {
    const paint = paints[label] ?? String
    const time = seconds(date - start).padStart(11)
    const connection = `${worker ?? ""}${id === undefined ? "" : `#${id}`}`
    const line = `${gray(time)}  ${cyan(connection.padEnd(6))} ${paint(sentence)}`
    return Cause.isEmptyType(cause) || !withCause ? line : `${line}\n${paint(causeOf(cause))}`
  }
  return {
    entry: ({ cause, fields, level, message }) =>
      line(Date.now(), fields["worker"], fields["id"], level, message, cause),
    log: ({ annotations, cause, date, logLevel, message }) => {
      const sentence = Array.ensure(message).map((part) => Inspectable.toStringUnknown(part, 0)).join(" ")
      const fact = (name: string) => Option.getOrUndefined(HashMap.get(annotations, name)) as Fact
      return line(date.getTime(), fact("worker"), fact("id"), logLevel, sentence, cause)
    }
  }
}

/** Made once a millisecond: to write a date down takes longer than the rest of a line. */
let stamped = { at: NaN, text: "" }

const timestamp = (): string => {
  const at = Date.now()
  if (at !== stamped.at) stamped = { at, text: new Date(at).toISOString() }
  return stamped.text
}

const quoted = (value: string | number): string =>
  typeof value === "string" && !/^[^\s"=]*$/.test(value) ? JSON.stringify(value) : String(value)

export const logfmt: Format = {
  entry: ({ cause, fields, level, message }) => {
    let line = `timestamp=${timestamp()} level=${level.label} message=${quoted(message)}`
    if (cause !== undefined) line += ` cause=${quoted(causeOf(cause))}`
    for (const name in fields) line += ` ${name}=${quoted(fields[name]!)}`
    return line
  },
  log: (options) => Logger.logfmtLogger.log(options)
}

export const json: Format = {
  entry: ({ cause, fields, level, message }) =>
    JSON.stringify({
      message,
      logLevel: level.label,
      timestamp: timestamp(),
      cause: cause && causeOf(cause),
      annotations: fields
    }),
  // As Effect's own, without what is empty.
  log: (options) => {
    const { fiberId, spans, ...line } = Logger.structuredLogger.log(options)
    return Inspectable.stringifyCircular({
      ...line,
      ...(Object.keys(spans).length === 0 ? {} : { spans }),
      ...(fiberId === "" ? {} : { fiberId })
    })
  }
}
