/**
 * Tells systemd, or whoever else manages this process and speaks its protocol, how the server is (sd_notify(3)).
 *
 * Node has no datagrams of unix sockets, so the program `systemd-notify` sends them. Nobody waits for it: it stays until the
 * manager has read what it sent, so that it is still known whose it is.
 */
import * as Effect from "effect/Effect"
import * as Runtime from "effect/Runtime"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { spawn } from "node:child_process"

type Environment = Readonly<Record<string, string | undefined>>

export interface Systemd {
  /** It serves. `status` is what `systemctl status` shows. */
  readonly ready: (status: string) => Effect.Effect<void>
  /** It reads its settings anew; `ready` is to follow. */
  readonly reloading: Effect.Effect<void>
  /** It answers what it has received, and ends. */
  readonly stopping: Effect.Effect<void>
}

/** How often the watchdog wants to hear of this process, in milliseconds; undefined where it does not. */
export const watchdog = ({ WATCHDOG_PID, WATCHDOG_USEC }: Environment, pid: number): number | undefined => {
  const period = Number(WATCHDOG_USEC) / 1000
  const isMeant = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === pid
  return isMeant && period > 0 && Number.isFinite(period) ? period : undefined
}

const program = "systemd-notify"

/** Nobody is told. */
export const silent: Systemd = { ready: () => Effect.void, reloading: Effect.void, stopping: Effect.void }

/** What is said where the manager wants to be told, and cannot be; by default in the log. */
type Complain = (sentence: string) => Effect.Effect<void>

/**
 * As long as the scope is open, the watchdog hears of this process twice in its period; where the event loop is stuck it does
 * not.
 */
export const make = (
  { env, pid }: { readonly env: Environment; readonly pid: number },
  complain: Complain = (sentence) => Effect.logWarning(sentence)
): Effect.Effect<Systemd, never, Scope.Scope> =>
  Effect.gen(function*() {
    if ((env["NOTIFY_SOCKET"] ?? "") === "") return silent
    const run = Runtime.runFork(yield* Effect.runtime())
    let isMissing = false
    const missing = ({ code, message }: NodeJS.ErrnoException): void => {
      if (isMissing) return
      isMissing = true
      const reason = code === "ENOENT" ? `there is no program ${program}` : message
      run(complain(`systemd cannot be told how the server is: ${reason}`))
    }
    const tell = (...words: ReadonlyArray<string>): Effect.Effect<void> =>
      Effect.sync(() => {
        if (!isMissing) spawn(program, [...words], { stdio: "ignore", env: { ...env } }).on("error", missing).unref()
      })
    const period = watchdog(env, pid)
    if (period !== undefined) {
      const alive = Effect.repeat(tell("WATCHDOG=1"), Schedule.spaced(period / 2))
      yield* Effect.forkScoped(Effect.interruptible(alive))
    }
    return {
      ready: (status) => tell("READY=1", `STATUS=${status}`),
      reloading: Effect.suspend(() =>
        // Of the clock that systemd compares it with.
        tell("RELOADING=1", `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`, "STATUS=reloading")
      ),
      stopping: tell("STOPPING=1", "STATUS=draining")
    }
  })
