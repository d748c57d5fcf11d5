// Compares the evaluator in dist/ with python3 on random expressions: npm run fuzz -- --minutes 10 --seed 7
import { parseArgs } from "node:util"
import { corpus } from "./corpus.mjs"
import { classOf, differ, look, outcome } from "./difference.mjs"
import { Grammar } from "./grammar.mjs"
import { intended, intention } from "./intended.mjs"
import { mutated } from "./mutation.mjs"
import { answer, slowest } from "./ours.mjs"
import { isPresent, Python } from "./python.mjs"
import { Random } from "./random.mjs"
import { shrunk } from "./shrinking.mjs"

const { values } = parseArgs({
  options: { minutes: { type: "string" }, cases: { type: "string" }, seed: { type: "string" } }
})
const seed = Number(values.seed ?? Date.now() % 2 ** 32)
const cases = Number(values.cases ?? Infinity)
const minutes = Number(values.minutes ?? (values.cases === undefined ? 1 : Infinity))
if (!(cases > 0 && minutes > 0 && Number.isInteger(seed))) {
  console.error("Usage: npm run fuzz -- [--minutes N] [--cases N] [--seed INTEGER]")
  process.exit(2)
}
if (!isPresent()) {
  console.error("There is no python3 of version 3.11 to compare with.")
  process.exit(2)
}

const random = new Random(seed)
const grammar = new Grammar(random)
const known = corpus()

const text = () => {
  const source = random.next()
  if (source < 0.7) return grammar.expression()
  return mutated(source < 0.9 ? grammar.expression() : random.pick(known), random)
}

const python = await Python.start()

/** The differences among texts, in their order. */
const differences = async (texts) => {
  const asked = texts.map((text) => ({ text, ours: answer(text) }))
  // What we refuse for its size would only hold python3 up.
  const worth = asked.filter(({ ours }) => ours.tag !== "BudgetExceeded")
  const theirs = await python.answers(worth.map(({ text }) => text))
  if (asked.length > worth.length) count(intended[0], asked.length - worth.length)
  return worth
    .map(({ ours, text }, index) => ({ text, ours, theirs: theirs[index] }))
    .filter(({ ours, theirs }) => differ(ours, theirs))
}

/** How often each intended difference came up. */
const tally = new Map()

const count = (purpose, times = 1) => {
  tally.set(purpose, (tally.get(purpose) ?? 0) + times)
}

/** Each class of difference that is not intended, by its name, with its smallest example. */
const classes = new Map()

/** Of each look only the first few are shrunk, as that takes a hundred times as long as finding one. */
const looks = new Map()
const shrinkings = 4

const note = async (difference) => {
  const purpose = intention(difference, false)
  if (purpose !== undefined) return count(purpose)
  const seen = looks.get(look(difference)) ?? 0
  looks.set(look(difference), seen + 1)
  if (seen >= shrinkings) return
  const wanted = outcome(difference)
  const smallest = await shrunk(difference, differences, (other) => outcome(other) === wanted)
  const cause = intention(smallest, true)
  if (cause !== undefined) return count(cause)
  const name = classOf(smallest)
  const former = classes.get(name)
  if (former === undefined || former.example.text.length > smallest.text.length) {
    classes.set(name, { example: smallest, count: (former?.count ?? 0) + 1 })
  } else former.count++
}

const batch = 1_000
const end = Date.now() + minutes * 60_000
let done = 0
let asked = Promise.resolve([])
while (done < cases && Date.now() < end) {
  const texts = Array.from({ length: Math.min(batch, cases - done) }, text)
  done += texts.length
  // While python3 is at these, we are at the next.
  const next = differences(texts)
  for (const difference of await asked) await note(difference)
  asked = next
}
for (const difference of await asked) await note(difference)
python.stop()

const shown = ({ kind, text }) => kind === "value" ? JSON.stringify(text) : `${kind}: ${text}`

// What has a smaller example in it says nothing new.
const told = [...classes.values()].filter(({ example }) =>
  ![...classes.values()].some((other) => other.example !== example && example.text.includes(other.example.text))
)

for (const { count, example } of told.toSorted((one, two) => two.count - one.count)) {
  console.log(`${JSON.stringify(example.text)} (${count} like it)`)
  console.log(`  ours    ${shown(example.ours).slice(0, 300)}`)
  console.log(`  python3 ${shown(example.theirs).slice(0, 300)}`)
}
for (const [{ name, why }, count] of tally) console.log(`${count} times ${name}: ${why}.`)
console.log(`The slowest took ${slowest.milliseconds.toFixed(1)} ms of processor time: ${slowest.text.slice(0, 200)}`)
console.log(`${done.toLocaleString("en")} expressions with seed ${seed}: ${told.length} classes of difference.`)
process.exitCode = told.length > 0 ? 1 : 0
