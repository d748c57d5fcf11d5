/** npm run soak -- MINUTES [--seed N] [--only 'select echo'] */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import { PCGRandom } from "effect/Utils"
import { parseArgs } from "node:util"
import * as faketime from "../behaviours/support/faketime.js"
import type { Case } from "./Case.js"
import { cases } from "./Case.js"
import { play } from "./play.js"
import { Report } from "./Report.js"
import type { Yardstick } from "./Yardstick.js"
import * as Yardsticks from "./Yardstick.js"

/** Cases that are played at the same time. */
const lanes = 4

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string", default: "1" }, only: { type: "string", default: "" } }
})
const minutes = Number(positionals[0] ?? "1")
const seed = Number(values.seed)
const deck = cases(new PCGRandom(seed), values.only)
if (!(minutes > 0) || !Number.isSafeInteger(seed) || deck === undefined) {
  console.error("npm run soak -- MINUTES [--seed N] [--only 'select echo']")
  process.exit(2)
}

const lane = (deck: Iterator<Case, never>, yardstick: Yardstick, report: Report, until: number): Effect.Effect<void> =>
  Effect.suspend(() => {
    const subject = deck.next().value
    return Effect.match(play(subject, yardstick), {
      onSuccess: (played) => report.fine(subject, played),
      onFailure: (error) => report.failed(subject, error)
    })
  }).pipe(Effect.repeat({ while: () => performance.now() < until }))

const run = Effect.gen(function*() {
  const until = performance.now() + minutes * 60_000
  const report = new Report((line) => console.log(line))
  const yardstick = yield* Yardsticks.make
  const steps = faketime.library === undefined
    ? "without steps of the clock: faketime is not installed"
    : "all troubles"
  console.log(`Soaks for ${minutes} min with seed ${seed}, ${steps}.`)
  yield* Effect.all(Array.from({ length: lanes }, () => lane(deck, yardstick, report, until)), {
    concurrency: "unbounded",
    discard: true
  })
  report.end(yardstick.worst())
  process.exitCode = report.isGood ? 0 : 1
})

NodeRuntime.runMain(Effect.scoped(run))
