/** How the text of a setting becomes its value, whether it came from a flag, the environment or a file. */
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import { isIPv6 } from "node:net"
import { availableParallelism } from "node:os"
import { suggest } from "./spelling.js"

/** The value, or how the sentence goes on that began with the setting's name. */
export type Read<A> = (text: string) => Either.Either<A, string>

export const nonEmpty: Read<string> = (text) => text === "" ? Either.left("may not be empty.") : Either.right(text)

/** A name or an address. An IPv6 address may stand in brackets, as it is printed before a port. */
export const host: Read<string> = (text) => {
  const [, inner] = /^\[(.*)\]$/.exec(text) ?? []
  if (inner === undefined) return nonEmpty(text)
  return isIPv6(inner) ? Either.right(inner) : Either.left(`cannot be '${text}': brackets are for IPv6 addresses.`)
}

export const oneOf = <const A extends string>(choices: ReadonlyArray<A>): Read<A> => (text) => {
  const choice = choices.find((choice) => choice === text)
  return choice === undefined ? Either.left(`cannot be '${text}': ${suggest(text, choices)}`) : Either.right(choice)
}

export const integer = (least: number, most: number): Read<number> => (text) => {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN
  return value >= least && value <= most
    ? Either.right(value)
    : Either.left(
      most === Number.MAX_SAFE_INTEGER
        ? `must be a whole number from ${least} up, not '${text}'.`
        : `must be a whole number from ${least} to ${most}, not '${text}'.`
    )
}

/** So many processes; `auto` is one for each core, and `none` that there is no such number. */
export const workers: Read<number | undefined> = (text) => {
  if (text === "none") return Either.right(undefined)
  if (text === "auto") return Either.right(availableParallelism())
  return Either.mapLeft(
    integer(1, 256)(text),
    () => `must be a whole number from 1 to 256, auto or none, not '${text}'.`
  )
}

/** A number of times, from once up, or `forever`. */
export const times: Read<number> = (text) =>
  text === "forever" ? Either.right(Infinity) : Either.mapLeft(
    integer(1, Number.MAX_SAFE_INTEGER)(text),
    () => `must be a whole number from 1 up, or forever, not '${text}'.`
  )

export const decimal = (least: number, most: number): Read<number> => (text) => {
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN
  return value >= least && value <= most
    ? Either.right(value)
    : Either.left(`must be a number from ${least} to ${most}, not '${text}'.`)
}

export const port: Read<number> = integer(0, 65_535)

export const boolean: Read<boolean> = (text) =>
  text === "true" || text === "false"
    ? Either.right(text === "true")
    : Either.left(`must be true or false, not '${text}'.`)

const units: ReadonlyArray<readonly [pattern: RegExp, milliseconds: number]> = [
  [/^(ms|millis|milliseconds?)$/, 1],
  [/^(s|secs?|seconds?)$/, 1000],
  [/^(m|mins?|minutes?)$/, 60_000],
  [/^(h|hours?)$/, 3_600_000]
]

/** Such as `500ms`, `2 seconds`, `1.5m` or `never`. */
export const duration: Read<Duration.Duration> = (text) => {
  if (text === "never") return Either.right(Duration.infinity)
  const [, amount, word = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text) ?? []
  const unit = units.find(([pattern]) => pattern.test(word))
  return amount === undefined || unit === undefined
    ? Either.left(`must be a time with its unit, such as 500ms, '2 seconds' or never, not '${text}'.`)
    : Either.right(Duration.millis(Number(amount) * unit[1]))
}

/** So many of something in a time, such as `10/s`, `100/m` or `5/10s`; `none` for any number. */
export const rate: Read<{ readonly connections: number; readonly per: Duration.Duration } | undefined> = (text) => {
  if (text === "none") return Either.right(undefined)
  const [, count, time = ""] = /^([1-9]\d{0,6})\/(.+)$/.exec(text) ?? []
  const per = duration(/^\d/.test(time) ? time : `1${time}`)
  return count !== undefined && Either.isRight(per) && Duration.isFinite(per.right) && Duration.toMillis(per.right) > 0
    ? Either.right({ connections: Number(count), per: per.right })
    : Either.left(`must be a number in a time, such as 10/s, 100/m or 5/10s, or none, not '${text}'.`)
}

/** A time that ends. */
export const delay: Read<Duration.Duration> = (text) =>
  Either.filterOrLeft(duration(text), Duration.isFinite, () => "must be a time that ends, and cannot be never.")

/** A time after which something is given up: longer than nothing. */
export const limit: Read<Duration.Duration> = (text) =>
  Either.filterOrLeft(
    duration(text),
    (time) => Duration.toMillis(time) > 0,
    () => `must be longer than nothing, not '${text}': where there is to be no limit, it is never.`
  )
