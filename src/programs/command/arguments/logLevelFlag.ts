/** @effect/cli keeps `--log-level` to itself, and sets the least level of what it runs. */
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as LogLevel from "effect/LogLevel"
import type { Chosen } from "./Setting.js"
import { logLevel } from "./settings.js"

const untouched: LogLevel.LogLevel = { ...LogLevel.Info }

/** Runs the parser where {@link orFlag} can tell whether the flag was given. */
export const watched: <A, E, R>(parser: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R> = Effect.locally(
  FiberRef.currentMinimumLogLevel,
  untouched
)

/** The level that the flag set, or else the one that was chosen elsewhere. */
export const orFlag = (chosen: Chosen<LogLevel.LogLevel>): Effect.Effect<Chosen<LogLevel.LogLevel>> =>
  Effect.map(FiberRef.get(FiberRef.currentMinimumLogLevel), (level) =>
    level === untouched
      ? chosen
      : { name: logLevel.name, value: level, text: level._tag.toLowerCase(), source: `--${logLevel.name}` })
