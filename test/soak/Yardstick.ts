/** How late the machine itself is: how long a bare server of Node's takes, asked in the same way. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { fileURLToPath } from "node:url"
import * as Switchboard from "../cli/Switchboard.js"
import * as Bystander from "./Bystander.js"
import { speeches } from "./Speech.js"
import { Stopwatch } from "./Stopwatch.js"

export interface Yardstick {
  /** The longest wait that there was since that time (of `performance.now`), in milliseconds. */
  readonly lateness: (since: number) => number
  readonly worst: () => number
}

const bare = fileURLToPath(new URL("../../bench/peers/net-batched.mjs", import.meta.url))

export const make: Effect.Effect<Yardstick, never, Scope.Scope> = Effect.gen(function*() {
  const { child, port } = yield* Effect.timeout(Switchboard.serve([], { file: bare }), "20 seconds").pipe(
    Effect.orDieWith(() => new Error(`It does not listen: ${bare}`))
  )
  const speech = speeches.find(({ protocol }) => protocol === "echo")!
  const ask = yield* Bystander.make({ port, speech, watch: new Stopwatch(child.pid!), lateness: () => Infinity })
  const waits: Array<{ readonly until: number; readonly took: number }> = []
  let begun = performance.now()
  let worst = 0
  const step = Effect.gen(function*() {
    begun = performance.now()
    const took = yield* ask
    worst = Math.max(worst, took)
    waits.push({ until: performance.now(), took })
    yield* Effect.sleep(20)
  })
  yield* Effect.forkScoped(Effect.orDie(Effect.forever(step)))
  return {
    lateness: (since) => {
      let most = performance.now() - begun - 20
      for (let i = waits.length - 1; i >= 0 && waits[i]!.until >= since; i--) most = Math.max(most, waits[i]!.took)
      return Math.max(0, most)
    },
    worst: () => worst
  }
})
