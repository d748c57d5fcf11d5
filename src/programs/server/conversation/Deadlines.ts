import type { Timer, Timers } from "../../../services/Timers.js"

/**
 * What a conversation waits for, and no longer than a time:
 * - `write`: the client must have taken something of what it was sent;
 * - `linger`: the client must have closed, too;
 * - `request`: the message that has begun must be whole;
 * - `idle`: the client must have said something, or have been sent something, where that counts;
 * - `quiet`: the silence that makes a message of what has come;
 * - `wake`: the protocol asked to be woken.
 */
export type Deadline = "write" | "linger" | "request" | "idle" | "quiet" | "wake"

/** Those that fall due together are told in this order: first what cuts, last what only goes on. */
const inOrder: ReadonlyArray<Deadline> = ["write", "linger", "request", "idle", "quiet", "wake"]

/** In milliseconds. One for all conversations of a server, which may change it: whoever has some under way is told then. */
export interface Times {
  idleTimeout: number
  /** Whether what a client is sent breaks its silence, too. */
  readonly countsSent: boolean
  requestTimeout: number
  writeTimeout: number
}

/** How long a peer may take to close a connection that this side has closed, in milliseconds. */
const lingerTime = 1000

/**
 * The policy of time of one conversation: it is told what happens, and says what is due. Times are in milliseconds of the
 * Timers; Infinity where there is none.
 *
 * A deadline that falls due is none any more before anybody is told: whatever they do about it, in whatever phase, it
 * cannot fall due again by itself.
 */
export class Deadlines implements Timer {
  private write = Infinity
  private linger = Infinity
  private request = Infinity
  private idle = Infinity
  private quiet = Infinity
  private wake = Infinity
  /** Whether the time for the message that has begun is up, though it may be whole. */
  private isRequestLate = false

  private isCancelled = false
  at = Infinity
  order = 0
  slot = 0
  private readonly timers: Timers
  private readonly times: Times
  private readonly onDue: { readonly due: (deadline: Deadline) => void }

  constructor(timers: Timers, times: Times, onDue: { readonly due: (deadline: Deadline) => void }) {
    this.timers = timers
    this.times = times
    this.onDue = onDue
    this.heard()
    this.arm()
  }

  now(): number {
    return this.timers.now()
  }

  /** The client has said something, or could not. */
  heard(): void {
    if (this.times.idleTimeout !== Infinity) this.idle = this.now() + this.times.idleTimeout
    this.quiet = Infinity
  }

  /** The client was sent something, or has taken it. */
  sent(): void {
    if (this.times.countsSent) this.idle = this.now() + this.times.idleTimeout
  }

  /** A whole message was taken. */
  messageTaken(): void {
    this.request = Infinity
    this.isRequestLate = false
  }

  /** All whole messages are taken: whether one has begun, and the silence that would make it whole. */
  waitsFor(partial: boolean, quiet: number | undefined): void {
    if (quiet !== undefined) this.quiet = this.now() + quiet
    if (!partial) this.messageTaken()
    else if (this.isRequestLate) this.request = this.now()
    else if (this.request === Infinity) this.request = this.now() + this.times.requestTimeout
    this.arm()
  }

  /** The message that has begun may be whole, at its deadline: `waitsFor` will tell. */
  postpone(): void {
    this.isRequestLate = true
  }

  /** So much of what was written is unsent. Gives whether the client's time to take it begins now. */
  wrote(unsent: number): boolean {
    if (unsent === 0) this.write = Infinity
    else if (this.write === Infinity) {
      this.write = this.now() + this.times.writeTimeout
      this.arm()
      return true
    }
    return false
  }

  /** The protocol asks to be woken, instead of whenever it asked before. */
  wakeAfter(millis: number): void {
    if (millis === Infinity && this.wake === Infinity) return
    this.wake = this.now() + millis
    this.arm()
  }

  /** The times have changed: what is under way has as much more time, or less. */
  changed(before: Times, unsent: number, isClosing: boolean): void {
    const { idleTimeout, requestTimeout, writeTimeout } = this.times
    if (before.writeTimeout !== Infinity) this.write += writeTimeout - before.writeTimeout
    else if (unsent > 0) this.write = this.now() + writeTimeout
    if (!isClosing) {
      // Of one that was never to come it is not known since when.
      this.idle = before.idleTimeout === Infinity
        ? this.now() + idleTimeout
        : this.idle + (idleTimeout - before.idleTimeout)
      if (before.requestTimeout !== Infinity) this.request += requestTimeout - before.requestTimeout
    }
    this.arm()
  }

  /** Nothing more is asked of the client than to take what it is sent, and to close. */
  closing(): void {
    this.request =
      this.idle =
      this.quiet =
      this.wake =
        Infinity
  }

  /** FIN is sent, or on its way. */
  lingering(): void {
    this.linger = this.now() + lingerTime
    this.arm()
  }

  /** There is nothing more to wait for, whatever is still told. */
  cancel(): void {
    this.isCancelled = true
    this.closing()
    this.write = this.linger = Infinity
    this.timers.cancel(this)
  }

  expire(now: number): void {
    for (const deadline of inOrder) {
      if (this[deadline] > now) continue
      this[deadline] = Infinity
      this.onDue.due(deadline)
    }
    this.arm()
  }

  /** One that was put off needs nothing: its old time comes, and is found not due. */
  private arm(): void {
    const earliest = Math.min(this.wake, this.quiet, this.idle, this.request, this.write, this.linger)
    if (earliest < this.at && !this.isCancelled) this.timers.schedule(this, earliest)
  }
}
