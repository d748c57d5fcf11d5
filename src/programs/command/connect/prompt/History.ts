import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync
} from "node:fs"
import { dirname, join } from "node:path"
import { baseDirectory } from "../../arguments/baseDirectory.js"
import { printable } from "../../console/printable.js"

/** Lines that are kept. */
export const size = 1000

/** Bytes of the file that are read, the last ones. */
const mostBytes = 1_048_576

/** Whether others than the user may read or write. */
const isOpenToOthers = (mode: number): boolean => (mode & 0o077) !== 0

/**
 * What was typed at a protocol's prompt, in this session and those before it: the user's own, in a file that nobody else
 * may read. Where a link, a pipe or a device stands in its place, nothing is read and nothing is kept.
 */
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
      const folder = dirname(this.path)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const stats = lstatSync(folder)
      if (stats.isDirectory() && isOpenToOthers(stats.mode)) chmodSync(folder, 0o700)
      this.using(constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, (fd) => writeSync(fd, `${line}\n`))
      return undefined
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ELOOP"
        ? new Error(`${this.path} is a link, which is not followed`)
        : error as Error
    }
  }

  private read(): Array<string> {
    try {
      return this.using(constants.O_RDWR, (fd, bytes) => {
        const start = Math.max(0, bytes - mostBytes)
        const buffer = Buffer.alloc(bytes - start)
        const lines = buffer.toString("utf8", 0, readSync(fd, buffer, 0, buffer.length, start)).split("\n").slice(0, -1)
        // Of a file cut so, the first is not whole.
        const last = lines.slice(start > 0 ? 1 : 0).slice(-size)
        if (start > 0 || lines.length > 2 * size) {
          ftruncateSync(fd)
          writeSync(fd, last.map((line) => `${line}\n`).join(""), 0)
        }
        // What a terminal would obey is not shown to it again.
        return [...new Set(last.filter((line) => printable(line) === line).reverse())]
      })
    } catch {
      // There is none yet; if it cannot be kept, `add` says so.
      return []
    }
  }

  /** Opens the file, if it is one, and takes from others what they may do with it. */
  private using<A>(flags: number, use: (fd: number, bytes: number) => A): A {
    // Not to wait for who reads a pipe.
    const fd = openSync(this.path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600)
    try {
      const stats = fstatSync(fd)
      if (!stats.isFile()) throw new Error(`${this.path} is no regular file`)
      if (isOpenToOthers(stats.mode)) fchmodSync(fd, 0o600)
      return use(fd, stats.size)
    } finally {
      closeSync(fd)
    }
  }
}
