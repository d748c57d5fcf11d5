import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import packageJson from "../../../../package.json" with { type: "json" }
import type { Family } from "./Family.js"
import { counter, gauge } from "./Family.js"
import { Histogram } from "./Histogram.js"

/** Milliseconds between two looks at how late the event loop is. */
const interval = 100

/** In seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** What there is to measure of this process, for as long as the scope is open. */
export const make: Effect.Effect<() => ReadonlyArray<Family>, never, Scope.Scope> = Effect.gen(function*() {
  const lag = new Histogram(bounds)
  const startedAt = Date.now() / 1000 - process.uptime()
  yield* Effect.acquireRelease(
    Effect.sync(() => {
      let due = performance.now() + interval
      return setInterval(() => {
        const now = performance.now()
        lag.observe(Math.max(0, now - due) / 1000)
        due = now + interval
      }, interval).unref()
    }),
    (timer) => Effect.sync(() => clearInterval(timer))
  )
  return () => {
    const { system, user } = process.cpuUsage()
    return [
      {
        type: "histogram",
        name: "switchboard_event_loop_lag_seconds",
        help: "How late the event loop came to a timer, ten times a second.",
        bounds,
        samples: [lag.read({})]
      },
      gauge("switchboard_build_info", "Which version this is.", 1, "max", {
        version: packageJson.version,
        node: process.versions.node
      }),
      counter("process_cpu_seconds_total", "CPU time of the user and the system.", (system + user) / 1e6),
      gauge("process_resident_memory_bytes", "Memory that is resident.", process.memoryUsage.rss()),
      gauge("process_start_time_seconds", "When the first process started, in seconds since 1970.", startedAt, "min")
    ]
  }
})
