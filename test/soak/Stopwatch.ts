import { readFileSync } from "node:fs"

/**
 * A process's own time: what it was stopped for, and what it waited for a core that others had, is not held against it.
 */
export class Stopwatch {
  private readonly pid: number
  private computed = 0
  private waited = 0
  private stopped = 0
  private stoppedAt: number | undefined = undefined

  constructor(pid: number) {
    this.pid = pid
  }

  /** Milliseconds. */
  now(): number {
    const now = performance.now()
    return now - this.coreless() - this.stopped - (this.stoppedAt === undefined ? 0 : now - this.stoppedAt)
  }

  stop(): void {
    this.stoppedAt ??= performance.now()
  }

  go(): void {
    if (this.stoppedAt !== undefined) this.stopped += performance.now() - this.stoppedAt
    this.stoppedAt = undefined
  }

  /** Milliseconds for which its main thread has had a core. */
  busy(): number {
    this.look()
    return this.computed
  }

  /** Milliseconds for which it could have run, and had none. */
  private coreless(): number {
    this.look()
    return this.waited
  }

  /** Linux's sched-stats, version 15: nanoseconds of both. */
  private look(): void {
    try {
      const [computed, waited] = readFileSync(`/proc/${this.pid}/schedstat`, "utf8").split(" ")
      this.computed = Number(computed) / 1e6
      this.waited = Number(waited) / 1e6
    } catch {
      // The process has ended, or this kernel does not count.
    }
  }
}
