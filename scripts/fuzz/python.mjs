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

export class Python {
  #child = spawn("python3", ["-X", "int_max_str_digits=4300", program], { stdio: ["pipe", "pipe", "inherit"] })
  #asked = Promise.resolve()
  #lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()

  static async start() {
    const python = new Python()
    const { builtins, math } = await python.#read()
    // Where a builtin and a member of `math` have one name, it is the builtin's.
    const named = builtins.filter((name) => /^[a-zA-Z]/.test(name) && isKnown(name))
    await python.#write({
      builtins: named,
      math: math.filter((name) => /^[a-z]/.test(name) && !builtins.includes(name) && isKnown(name))
    })
    return python
  }

  /** What it makes of each text. Who asks meanwhile is answered next. */
  answers(texts) {
    this.#asked = this.#asked.then(async () => {
      await this.#write(texts)
      const answers = await this.#read()
      return answers.map(([kind, text]) => ({ kind, text }))
    })
    return this.#asked
  }

  stop() {
    this.#child.stdin.end()
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
