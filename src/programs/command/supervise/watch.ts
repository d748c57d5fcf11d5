import * as Effect from "effect/Effect"
import type { Entry } from "../console/Entry.js"
import { watchdog } from "../serve/systemd.js"
import * as entries from "./entries.js"
import type { Worker } from "./Worker.js"

/** Pings that a worker may leave unanswered: not times, as this process may have been stopped itself. */
const most = 4

/** Where systemd has a watchdog, kills workers that are stuck for its time: it knows of the supervisor alone. */
export const watch = (workers: () => ReadonlyArray<Worker>, say: (entry: Entry) => void): Effect.Effect<void> => {
  const period = watchdog(process.env, process.pid)
  if (period === undefined) return Effect.void
  const look = Effect.sync(() => {
    for (const worker of workers()) {
      if (worker.ping() < most) continue
      say(entries.stuck(worker))
      worker.kill()
    }
  })
  return Effect.forever(Effect.delay(look, period / most))
}
