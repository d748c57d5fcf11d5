/** The limits as people write them: by the names of the settings, and in their words. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Setting } from "../arguments/Setting.js"
import * as settings from "../arguments/settings.js"
import { suggest } from "../arguments/spelling.js"
import type { Limits } from "./Administration.js"
import { Refused } from "./Refused.js"

const times = [
  ["idleTimeout", settings.idleTimeout],
  ["requestTimeout", settings.requestTimeout],
  ["writeTimeout", settings.writeTimeout],
  ["drainTimeout", settings.drainTimeout]
] as const

const names = [settings.maxConnections, ...times.map(([, setting]) => setting)].map(({ name }) => name)

const units = [[3_600_000, "h"], [60_000, "m"], [1000, "s"]] as const

/** Such as `90s`, as the settings read it. */
const timeOf = (millis: number | null): string => {
  if (millis === null) return "never"
  const [size, unit] = units.find(([size]) => millis > 0 && millis % size === 0) ?? [1, "ms"]
  return `${millis / size}${unit}`
}

/** As JSON has them: `{"max-connections": 100, "idle-timeout": "5m", …}`. */
export const write = (limits: Limits): Readonly<Record<string, string | number>> => ({
  [settings.maxConnections.name]: limits.maxConnections,
  ...Object.fromEntries(times.map(([key, { name }]) => [name, timeOf(limits[key])]))
})

const bad = (message: string): Refused => new Refused({ status: 400, message })

const readOne = <A>(setting: Setting<A>, value: unknown): Either.Either<A, Refused> =>
  typeof value === "string" || typeof value === "number"
    ? Either.mapLeft(setting.read(String(value)), (problem) => bad(`${setting.name} ${problem}`))
    : Either.left(bad(`${setting.name} must be a text or a number.`))

/** Those that are given, of an object such as {@link write} makes. */
export const read = (content: unknown): Effect.Effect<Partial<Limits>, Refused> => {
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    return bad(`A change of limits is an object, such as {"idle-timeout": "5m"}.`)
  }
  const given = new Map<string, unknown>(Object.entries(content))
  const unknown = Array.from(given.keys()).find((name) => !names.includes(name))
  if (unknown !== undefined) return bad(`There is no limit '${unknown}' to change: ${suggest(unknown, names)}`)
  const { name } = settings.maxConnections
  return Effect.gen(function*() {
    const changes: Record<string, number | null> = {}
    if (given.has(name)) changes["maxConnections"] = yield* readOne(settings.maxConnections, given.get(name))
    for (const [key, setting] of times) {
      if (!given.has(setting.name)) continue
      const time = yield* readOne(setting, given.get(setting.name))
      changes[key] = Duration.isFinite(time) ? Duration.toMillis(time) : null
    }
    return changes
  })
}
