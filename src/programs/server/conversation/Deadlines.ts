import type { Timer, Timers } from "../../stream/Timers.js"

/** Who is told that one of the times has come. */
export interface Keeper {
  readonly due: (now: number) => void
}

/** The times one conversation has to keep, in milliseconds of the Clock; Infinity where there is none. */
export class Deadlines implements Timer {
  /** The protocol asked to be woken. */
  wake = Infinity
  /** The silence that makes a message of what has come. */
  quiet = Infinity
  /** The client must have said something. */
  idle = Infinity
  /** The message that has begun must be whole. */
  request = Infinity
  /** The client must have taken something of what it was sent. */
  write = Infinity
  /** The client must have closed, too. */
  linger = Infinity

  at = Infinity
  order = 0
  slot = 0
  private readonly timers: Timers
  private readonly keeper: Keeper

  constructor(timers: Timers, keeper: Keeper) {
    this.timers = timers
    this.keeper = keeper
  }

  now(): number {
    return this.timers.now()
  }

  /** To be called when a time was set. One that was put off needs nothing: its old time comes, and is found not due. */
  arm(): void {
    const earliest = Math.min(this.wake, this.quiet, this.idle, this.request, this.write, this.linger)
    if (earliest < this.at) this.timers.schedule(this, earliest)
  }

  expire(now: number): void {
    this.keeper.due(now)
    this.arm()
  }

  /** The conversation is over, but for what is still to be taken. */
  hangUp(): void {
    this.wake = Infinity
    this.quiet = Infinity
    this.idle = Infinity
    this.request = Infinity
  }

  /** There is nothing more to wait for. */
  cancel(): void {
    this.hangUp()
    this.write = Infinity
    this.linger = Infinity
    this.timers.cancel(this)
  }
}
