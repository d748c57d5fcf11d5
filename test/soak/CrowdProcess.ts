/** The crowd's process, as the run sees it. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Order, Settings, Told } from "./Crowd.js"

export interface Crowd {
  /** Lets so many clients in, and another for each that leaves. */
  readonly come: (size: number) => Effect.Effect<void>
  /** All leave, each in its way. */
  readonly leave: Effect.Effect<Told>
}

const script = fileURLToPath(new URL("Crowd.mjs", import.meta.url))

export const start = (settings: Settings): Effect.Effect<Crowd, never, Scope.Scope> =>
  Effect.gen(function*() {
    const child = yield* Effect.acquireRelease(
      Effect.sync(() => fork(script, [JSON.stringify(settings)])),
      (child) => Effect.sync(() => child.kill("SIGKILL"))
    )
    const order = (size: number): boolean => child.send({ size } satisfies Order)
    return {
      come: (size) => Effect.sync(() => order(size)),
      leave: Effect.async((resume) => {
        child.once("message", (told: Told) => resume(Effect.succeed(told)))
        child.once("error", (error) => resume(Effect.die(error)))
        order(0)
      })
    }
  })
