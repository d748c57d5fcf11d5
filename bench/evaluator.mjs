// Time per evaluation, beside mathjs, expr-eval and, where there is a python3, CPython. No text is evaluated twice: V8
// keeps what it has compiled, and so do some evaluators.
import { Evaluator } from "effect-switchboard"
import * as Either from "effect/Either"
import { Parser } from "expr-eval"
import { evaluate as mathjs } from "mathjs"
import { spawnSync } from "node:child_process"

/** A linear congruential generator: the same texts for all, and in every run. */
let seed = 1
const below = (limit) => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
  return seed % limit
}

const literal = () => below(3) === 0 ? `${below(1_000)}.${1 + below(99)}` : String(1 + below(10_000))
const operator = () => "+-*/%"[below(5)]

const short = () =>
  [
    () => `${literal()}+${literal()}*${literal()}`,
    () => `(${literal()}-${literal()})/${literal()}`,
    () => `${literal()}${operator()}${literal()}`,
    () => `-${literal()}*(${literal()}+${literal()})`,
    () => `sqrt(${literal()})+${literal()}`
  ][below(5)]()

const medium = () => {
  let text = `(${short()})`
  while (text.length < 60) text += `${operator()}(${short()})`
  return text
}

const long = () => {
  let text = literal()
  for (let count = 1; count < 1_000; count++) text += operator() + literal()
  return text
}

const rounds = 7

const kinds = [
  { name: "short", make: short, count: 20_000, aim: "8 times mathjs, 4 times CPython" },
  { name: "60 characters", make: medium, count: 5_000, aim: "5 times mathjs, 4 times CPython" },
  { name: "1,000 terms", make: long, count: 30, aim: "" }
]

// The long texts are over the default budget for input.
const budget = { ...Evaluator.defaultBudget, input: 65_536 }
const engines = [
  { name: "switchboard", evaluate: (text) => Evaluator.evaluate(text, budget), number: Either.getOrThrow },
  { name: "mathjs", evaluate: (text) => mathjs(text), number: Number },
  { name: "expr-eval", evaluate: (text) => Parser.evaluate(text), number: Number }
]

const median = (values) => values.toSorted((left, right) => left - right)[values.length >> 1]

const time = (evaluate, texts) => {
  const start = process.hrtime.bigint()
  for (const text of texts) evaluate(text)
  return Number(process.hrtime.bigint() - start) / texts.length
}

const python = `
import json, statistics, sys, time
from math import *
def measure(texts):
    start = time.perf_counter_ns()
    for text in texts: str(eval(text))
    return (time.perf_counter_ns() - start) / len(texts)
for line in sys.stdin:
    print(statistics.median(measure(texts) for texts in json.loads(line)))`

const width = Math.max(...engines.map(({ name }) => name.length), "CPython 3.11".length)

for (const { aim, count, make, name } of kinds) {
  // In one piece each, as they come from a socket, and not as they were put together.
  const fresh = () => Array.from({ length: count }, () => Buffer.from(make()).toString())
  const sample = fresh().slice(0, 10)
  for (const { evaluate, name, number } of engines) {
    for (const text of sample) {
      const ours = Number(Either.getOrThrow(engines[0].evaluate(text)))
      const theirs = Number(number(evaluate(text)))
      // The sign of a remainder is the languages' own.
      const close = Math.abs(ours - theirs) <= 1e-9 * Math.abs(ours)
      if (!close && !text.includes("%")) throw new Error(`${name} answers ${theirs} to ${text}, and not ${ours}`)
    }
  }
  const batches = Array.from({ length: rounds }, fresh)
  // Once over other texts first, for the compilers; then in turns, so that what else the machine does is shared.
  for (const { evaluate } of engines) time(evaluate, fresh())
  const times = batches.map((texts) => engines.map(({ evaluate }) => time(evaluate, texts)))
  const results = engines.map(({ name }, index) => ({ name, nanoseconds: median(times.map((each) => each[index])) }))
  const version = spawnSync("python3", ["--version"], { encoding: "utf8" })
  if (version.status === 0) {
    const { stdout } = spawnSync("python3", ["-W", "ignore", "-c", python], {
      input: `${JSON.stringify(batches)}\n`,
      encoding: "utf8",
      maxBuffer: 2 ** 28
    })
    results.push({ name: `CPython ${/\d+\.\d+/.exec(version.stdout)[0]}`, nanoseconds: Number(stdout) })
  }
  const ours = results[0].nanoseconds
  console.log(`${name}, such as ${sample[0].slice(0, 72)}${aim === "" ? "" : ` (aim: ${aim})`}`)
  for (const { name, nanoseconds } of results) {
    const figure = Math.round(nanoseconds).toLocaleString("en").padStart(12)
    console.log(`  ${name.padEnd(width)}${figure} ns  ${(nanoseconds / ours).toFixed(1).padStart(6)}×`)
  }
}
