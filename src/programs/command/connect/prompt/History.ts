import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { baseDirectory } from "../../arguments/baseDirectory.js"

/** Lines that are kept. */
export const size = 1000

/** What was typed at a protocol's prompt, in this session and those before it. */
export class History {
  private readonly path: string
  /** The latest first, as readline has it. */
  readonly lines: Array<string>

  constructor(protocol: string) {
    const state = baseDirectory(process.env["XDG_STATE_HOME"], ".local", "state")
    this.path = join(state, "switchboard", `${protocol.replace(/[^\w.-]/g, "_")}.history`)
    this.lines = this.read()
  }

  /** Written at once, so that it is kept however the session ends. Gives why it is not kept. */
  add(line: string): Error | undefined {
    try {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 })
      appendFileSync(this.path, `${line}\n`, { mode: 0o600 })
      return undefined
    } catch (error) {
      return error as Error
    }
  }

  private read(): Array<string> {
    try {
      const lines = readFileSync(this.path, "utf8").split("\n").slice(0, -1)
      const last = lines.slice(-size)
      if (lines.length > 2 * size) writeFileSync(this.path, last.map((line) => `${line}\n`).join(""))
      return [...new Set(last.reverse())]
    } catch {
      // There is none yet; if it cannot be kept, `add` says so.
      return []
    }
  }
}
