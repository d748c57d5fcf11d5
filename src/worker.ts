/** A process that evaluates for another, and ends with it. */
import * as Either from "effect/Either"
import { Worker } from "node:worker_threads"
import * as mathjs from "./services/workers/mathjs.js"
import type { Answer, Batch, Reply, Start } from "./services/workers/messages.js"
import { ready } from "./services/workers/messages.js"
import * as python from "./services/workers/python.js"

interface Program {
  readonly make: (settings: never) => Answer
}

// Signals to the whole group, as of Ctrl-C or a service manager, are the parent's to heed: it drains first.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {})

// A parent that was killed cannot end an endless evaluation, nor does this thread hear of its end during one: stdin is
// a pipe that the parent holds, and closes by ending.
const watch = `new (require("node:net").Socket)({ fd: 0 })
  .on("error", () => {}).on("close", () => process.kill(process.pid, "SIGKILL")).resume()`
new Worker(watch, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 } }).unref()

const { program, settings } = JSON.parse(process.argv[2]!) as Start
const known: Record<string, Program | undefined> = { mathjs, python }
const { make } = known[program] ?? await import(program) as Program
const answer = make(settings as never)

const reply = (expression: string): Reply => {
  try {
    return Either.match(answer(expression), { onLeft: (error) => ({ error }), onRight: (text) => ({ text }) })
  } catch (error) {
    return { defect: error instanceof Error ? error.stack ?? error.message : String(error) }
  }
}

process.on("message", (batch: Batch) => {
  // Each at once: who waits for the next must not wait for it together with this one.
  for (const expression of batch) process.send!(reply(expression))
})
process.send!(ready)
