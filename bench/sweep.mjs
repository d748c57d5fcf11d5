// Every function and operator over a zoo of nasty values, alone and in pairs, as often as fits in a line of 4 KiB: how long
// a step of fuel took, and whether any evaluation went over 20 ms or 64 MiB. Fails if one did, or if one subject's step
// takes more than ten times as long as another's.
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { Worker } from "node:worker_threads"
import { alone, inPairs, texts } from "./sweep/cases.mjs"
import { vocabulary } from "./sweep/vocabulary.mjs"
import { table } from "./table.mjs"

const longestMs = 20
const widest = 10
/** Of a worker's heap: what it is allowed besides the 64 MiB is what it needs to be there. */
const heapMiB = 64 + 16
/** Below, what every evaluation takes outweighs what is swept. */
const leastFuel = 20_000

/** Of which subjects: all, or those named as arguments. */
const chosen = process.argv.slice(2)
const cases = [...alone(vocabulary), ...inPairs(vocabulary), ...texts].filter(({ subject }) =>
  chosen.length === 0 || chosen.includes(subject)
)

/** Runs the cases in a thread with so much memory; one that needs more is told apart, and the rest goes on without it. */
const sweep = async (cases) => {
  const progress = new SharedArrayBuffer(4)
  const worker = new Worker(fileURLToPath(new URL("./sweep/worker.mjs", import.meta.url)), {
    workerData: { cases, progress },
    resourceLimits: { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: 16 }
  })
  try {
    const [results] = await once(worker, "message")
    return results
  } catch (error) {
    if (error.code !== "ERR_WORKER_OUT_OF_MEMORY") throw error
    const index = new Int32Array(progress)[0]
    const before = index === 0 ? [] : await sweep(cases.slice(0, index))
    const failed = { outcome: "out of memory", microseconds: 0, fuel: 0 }
    return [...before, failed, ...await sweep(cases.slice(index + 1))]
  }
}

/** In parts, so that one that runs out of memory does not make all be run again. */
const part = 4_000
const results = []
for (let start = 0; start < cases.length; start += part) {
  const some = cases.slice(start, start + part)
  for (const [index, result] of (await sweep(some)).entries()) results.push({ ...some[index], ...result })
  process.stderr.write(`\r${results.length} of ${cases.length}`)
}
process.stderr.write("\n")

const rate = ({ fuel, microseconds }) => microseconds * 1_000 / fuel
const shown = (text) => `\`${text.slice(0, 70).replaceAll("|", "\\|").replaceAll("\n", "\\n")}\``
const row = (
  result
) => [
  shown(result.expression),
  result.outcome,
  result.fuel.toFixed(0),
  (result.microseconds / 1_000).toFixed(2),
  rate(result).toFixed(1)
]
const head = ["expression", "outcome", "fuel", "ms", "ns a step"]
const largest = (by, from) => from.toSorted((a, b) => by(b) - by(a)).slice(0, 12)

const weighed = results.filter(({ fuel }) => fuel >= leastFuel)
const rates = weighed.map(rate).toSorted((a, b) => a - b)
const quantile = (share) => rates[Math.min(rates.length - 1, Math.floor(rates.length * share))]?.toFixed(1)

console.log(`${results.length} evaluations of ${new Set(cases.map(({ subject }) => subject)).size} subjects.\n`)
console.log("The longest:\n")
console.log(table(head, largest((result) => result.microseconds, results).map(row)))
console.log(
  `\nNanoseconds a step, of those that took ${leastFuel} or more: least ${quantile(0)}, a tenth below ${
    quantile(0.1)
  }, ` +
    `median ${quantile(0.5)}, a tenth above ${quantile(0.9)}, most ${quantile(1)}.\n`
)
console.log(
  table(head, [...largest(rate, weighed), ...largest((result) => -rate(result), weighed).toReversed()].map(row))
)

const dearest = new Map()
for (const result of weighed) {
  const known = dearest.get(result.subject)
  if (known === undefined || rate(result) > rate(known)) dearest.set(result.subject, result)
}
const prices = [...dearest.values()].map(rate)
const spread = Math.max(...prices) / Math.min(...prices)
console.log(
  `\nThe dearest step of each subject, the dearest of which takes ${spread.toFixed(1)} times as long as the cheapest:\n`
)
console.log(table(
  ["subject", ...head],
  [...dearest].toSorted((a, b) => rate(b[1]) - rate(a[1])).map((
    [subject, result]
  ) => [subject.replaceAll("|", "\\|"), ...row(result)])
))

const failed = results.filter(({ microseconds, outcome }) =>
  outcome === "out of memory" || microseconds > longestMs * 1_000
)
if (failed.length > 0) {
  console.log(`\nOver ${longestMs} ms or 64 MiB:\n\n${table(head, failed.map(row))}`)
  process.exitCode = 1
}
if (spread > widest) {
  console.log(
    `\nA step of one subject takes ${spread.toFixed(1)} times as long as one of another: at most ${widest} is promised`
  )
  process.exitCode = 1
}
