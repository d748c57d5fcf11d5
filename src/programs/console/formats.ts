/** How a log's lines look: to people, and to the programs that collect logs. */
import * as Cause from "effect/Cause"
import * as HashMap from "effect/HashMap"
import * as Inspectable from "effect/Inspectable"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import { styleText } from "node:util"

type Style = Parameters<typeof styleText>[0]

const styles: Readonly<Record<string, Style>> = {
  TRACE: "gray",
  DEBUG: "gray",
  WARN: "yellow",
  ERROR: "red",
  FATAL: "red"
}

const seconds = (milliseconds: number): string => `+${(milliseconds / 1000).toFixed(3)}s`

/** Aligned, with times relative to `start`: the time, the connection, the sentence; and below them the cause, for those who want it. */
export const pretty = (start: number, isColoured: boolean, withCause: boolean): Logger.Logger<unknown, string> => {
  const paint = (style: Style | undefined, text: string): string =>
    isColoured && style !== undefined ? styleText(style, text) : text
  return Logger.make(({ annotations, cause, date, logLevel, message }) => {
    const style = styles[logLevel.label]
    const sentence = (Array.isArray(message) ? message : [message]).map((part) => Inspectable.toStringUnknown(part, 0))
      .join(" ")
    const id = Option.match(HashMap.get(annotations, "id"), { onNone: () => "", onSome: (id) => `#${String(id)}` })
    const line = `${paint("gray", seconds(date.getTime() - start).padStart(11))}  ${paint("cyan", id.padEnd(6))} ${
      paint(style, sentence)
    }`
    return Cause.isEmptyType(cause) || !withCause
      ? line
      : `${line}\n${paint(style, Cause.pretty(cause, { renderErrorCause: true }))}`
  })
}

/** What happens outside of any fiber has no fiber's name. */
export const logfmt: Logger.Logger<unknown, string> = Logger.map(
  Logger.logfmtLogger,
  (line) => line.replace(" fiber= ", " ")
)

export const json: Logger.Logger<unknown, string> = Logger.jsonLogger
