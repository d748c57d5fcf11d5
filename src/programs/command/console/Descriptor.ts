/** Where a log is written to, without ever waiting for it: a terminal may be stopped, a disk full, a reader slow or gone. */
import { closeSync, constants, fstatSync, openSync, write, writeSync } from "node:fs"
import { isatty } from "node:tty"

/** Called with how many of the bytes were written; all of them, if there is no error. */
export type Written = (count: number, error: NodeJS.ErrnoException | undefined) => void

export interface Descriptor {
  /** Writes the bytes, and then calls back. One thing is written at a time. */
  readonly write: (bytes: Uint8Array, done: Written) => void
  /** Gives up what is being written. */
  readonly close: () => void
}

/** Milliseconds from one attempt to write where there is no room to the next. */
const interval = 25

/** Has another thread wait, as there is no way not to: for a disk, which does not take long, or does not take anything. */
const waiting = (fd: number): Descriptor => ({
  write: (bytes, done) => {
    const from = (start: number): void =>
      write(fd, bytes, start, bytes.length - start, null, (error, count) => {
        if (error !== null) done(start, error)
        else if (start + count < bytes.length) from(start + count)
        else done(bytes.length, undefined)
      })
    from(0)
  },
  close: () => {}
})

/** A descriptor that refuses what it has no room for. */
const refusing = (fd: number, close: () => void): Descriptor => {
  let timer: NodeJS.Timeout | undefined = undefined
  const from = (bytes: Uint8Array, start: number, done: Written): void => {
    try {
      while (start < bytes.length) start += writeSync(fd, bytes, start)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return done(start, error as NodeJS.ErrnoException)
      timer = setTimeout(() => from(bytes, start, done), interval)
      return
    }
    done(start, undefined)
  }
  return {
    write: (bytes, done) => from(bytes, 0, done),
    close: () => {
      clearTimeout(timer)
      close()
    }
  }
}

/**
 * The terminal of a descriptor, opened once more: Node waits where it writes to one, and what is changed in the descriptor
 * itself is changed for all who share the terminal. Undefined where this process may not open it, or there is no /proc.
 */
const terminal = (fd: number): Descriptor | undefined => {
  try {
    const own = openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
    return refusing(own, () => closeSync(own))
  } catch {
    return undefined
  }
}

/** Standard output or standard error. */
export const open = ({ fd }: typeof process.stdout | typeof process.stderr): Descriptor => {
  if (isatty(fd)) return terminal(fd) ?? waiting(fd)
  const stats = fstatSync(fd)
  // Node has seen to it that a pipe or a socket refuses, when it made the stream of it that is given here.
  return stats.isFIFO() || stats.isSocket() ? refusing(fd, () => {}) : waiting(fd)
}
