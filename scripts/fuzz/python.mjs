// CPython 3.11 as one process that answers many texts, with the names that we have and no others.
import { Evaluator } from "effect-switchboard"
import * as Either from "effect/Either"
import { spawn, spawnSync } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const program = fileURLToPath(new URL("python.py", import.meta.url))

/** Whether there is the version whose answers ours are. */
export const isPresent = () =>
  spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info[:2] != (3, 11))"]).status === 0

const isKnown = (name) => {
  const result = Evaluator.evaluate(name)
  return Either.isRight(result) || !["UnknownName", "UnsupportedSyntax"].includes(result.left._tag)
}

/** Milliseconds for a batch, or for one of its texts: python3's own alarm waits for the end of a call into C. */
const patience = 10_000

export class Python {
  #child
  #lines
  #names
  #asked = Promise.resolve()

  static async start() {
    const python = new Python()
    await python.#spawn()
    return python
  }

  /** What it makes of each text. Who asks meanwhile is answered next. */
  answers(texts) {
    this.#asked = this.#asked.then(() => this.#answersTo(texts))
    return this.#asked
  }

  stop() {
    this.#child.stdin.end()
  }

  async #spawn() {
    this.#child = spawn("python3", ["-X", "int_max_str_digits=4300", program], { stdio: ["pipe", "pipe", "inherit"] })
    // Of one that was killed nobody awaits an answer.
    this.#child.stdin.on("error", () => {})
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
    const { builtins, math } = await this.#read()
    // Where a builtin and a member of `math` have one name, it is the builtin's.
    this.#names ??= {
      builtins: builtins.filter((name) => /^[a-zA-Z]/.test(name) && isKnown(name)),
      math: math.filter((name) => /^[a-z]/.test(name) && !builtins.includes(name) && isKnown(name))
    }
    await this.#write(this.#names)
  }

  async #answersTo(texts) {
    await this.#write(texts)
    const child = this.#child
    const timer = setTimeout(() => child.kill("SIGKILL"), patience)
    const answers = await this.#read().catch(() => undefined)
    clearTimeout(timer)
    if (answers !== undefined) return answers.map(([kind, text]) => ({ kind, text }))
    await this.#spawn()
    if (texts.length === 1) return [{ kind: "late", text: "" }]
    const each = []
    for (const text of texts) each.push(...await this.#answersTo([text]))
    return each
  }

  async #write(message) {
    const line = `${JSON.stringify(message)}\n`
    if (!this.#child.stdin.write(line)) await new Promise((resolve) => this.#child.stdin.once("drain", resolve))
  }

  async #read() {
    const { done, value } = await this.#lines.next()
    if (done) throw new Error("python3 ended in the middle of a run")
    return JSON.parse(value)
  }
}
