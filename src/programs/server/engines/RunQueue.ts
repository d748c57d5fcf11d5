import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as FiberRef from "effect/FiberRef"
import * as Runtime from "effect/Runtime"
import type { Scheduler } from "effect/Scheduler"
import type * as Scope from "effect/Scope"
import { Agenda } from "../../../domain/Agenda.js"
import type { Entry } from "../../../domain/Agenda.js"
import { SocketServer } from "../../../services/SocketServer.js"
import { Stopwatch } from "../../../services/Stopwatch.js"
import { Bell } from "../../stream/Bell.js"

/** Milliseconds of work after which the network is asked for more, whoever still waits. */
const quantum = 1

/**
 * The same where nobody waits: the network is at it by itself then, and to wake the fiber costs as much as ten small
 * messages. It is the most that those pay who are read in the same round of the network as somebody dear.
 */
const leeway = 8

/**
 * A share that is shorter, in milliseconds, counts for a sixteenth: it is spent, for the most part, on what the one before
 * did to caches and memory. So one who asks little is not kept waiting for having asked often beside a crowd that asks much,
 * and yet a flood of such does not keep the crowd out.
 */
const short = 0.5
const shortWeight = 1 / 16

/**
 * A share that is shorter than this, in milliseconds, is one of a crowd that asks little: it brings the time when the network
 * is to be asked no nearer than a sixteenth of it does. The network's own order is fair to such, and costs nothing.
 */
const tiny = 0.05

/**
 * How many times as long as a share that was given to whoever waited longest the next such share is off. So an eighth of the
 * time goes by age, and nobody starves: neither one that was charged for a pause of the garbage collector, beside a thousand
 * that ask little, nor one that asks much.
 */
const patienceFactor = 7

/** Who wants a share of the time that all clients have together. The two fields are the queue's own. */
export interface Claimant<R> {
  /** Milliseconds it has used, as the queue counts them. */
  used: number
  /** Where it waits, if it does. */
  place: Entry<Claimant<R>> | undefined
  /** Whether there is something for it to do. */
  readonly isReady: boolean
  /** Does a bounded share of it, begun at `begun` of the stopwatch. What takes waiting is returned: all others wait for it. */
  readonly run: (begun: number) => Effect.Effect<void, never, R> | undefined
  /** What it returned was interrupted. */
  readonly abandon: () => void
}

/**
 * Who is next: whoever has used the least time (start-time fair queueing: Goyal, Vin and Cheng, 1996). Nobody saves up
 * time by being away, and nobody owes any for time that no other wanted; one who comes anew goes before those who are at
 * it. So a client waits for one share of another's at the most, however many ask for more than theirs. But an eighth of the
 * time goes to whoever waits longest, whatever that one has used.
 *
 * One fiber gives out the shares, and asks the network for more after each millisecond of them, or when all who were
 * ready have had theirs. While it sleeps, nobody waits: then a share is given on the spot.
 */
export class RunQueue<R> {
  private readonly poll: Effect.Effect<void>
  private readonly millis: () => number
  private readonly scheduler: Scheduler
  private readonly fork: (effect: Effect.Effect<void, never, R>) => Fiber.RuntimeFiber<void>
  private readonly waiting = new Agenda<Claimant<R>>()
  /** The same, in the order in which they came. */
  private readonly inOrder = new Set<Claimant<R>>()
  private readonly bell = new Bell<R>(() => this.waiting.size > 0)
  private fiber: Fiber.RuntimeFiber<void> | undefined = undefined
  private isStopped = false
  /** What whoever has its share now had used when it began: nobody who comes is behind it. */
  private progress = 0
  /** Milliseconds of work until the network is to be asked. */
  private credit = leeway
  /** Shares until then. */
  private left = 0
  /** Milliseconds of work until a share goes by age; and whoever had the last such. */
  private patience = 0
  private eldest: Claimant<R> | undefined = undefined
  private running: Claimant<R> | undefined = undefined
  /** Who has yet to run, though the queue has stopped. */
  private readonly released = new Set<Claimant<R>>()
  /** Whom all others wait for. */
  private awaited: Claimant<R> | undefined = undefined

  constructor(options: {
    readonly poll: Effect.Effect<void>
    readonly millis: () => number
    /** Who runs what is left when the queue has stopped. */
    readonly scheduler: Scheduler
    readonly fork: (effect: Effect.Effect<void, never, R>) => Fiber.RuntimeFiber<void>
  }) {
    this.poll = options.poll
    this.millis = options.millis
    this.scheduler = options.scheduler
    this.fork = options.fork
    this.start(this.loop)
  }

  /** Asks for a share; `later`: not on the spot. */
  claim(claimant: Claimant<R>, later = false): void {
    // Whoever has a share now is asked again at its end.
    if (claimant.place !== undefined || claimant === this.running || claimant === this.awaited) return
    if (this.isStopped) return this.release(claimant)
    if (later || !this.bell.isAwaited || this.running !== undefined || this.credit <= 0) return this.enqueue(claimant)
    const rest = this.give(claimant)
    // Nobody else wanted that time.
    this.progress = Math.max(this.progress, claimant.used)
    if (rest !== undefined) this.bell.ring(this.waitFor(claimant, rest))
  }

  /** Whoever all wait for is gone: waits for it no more. */
  dismiss(claimant: Claimant<R>): void {
    if (this.awaited === claimant) this.fiber?.unsafeInterruptAsFork(FiberId.none)
  }

  /** No shares are given from now on; what is still asked for is done as it comes. */
  stop(): void {
    this.isStopped = true
    this.fiber?.unsafeInterruptAsFork(FiberId.none)
    for (let next = this.leave(this.waiting.first); next !== undefined; next = this.leave(this.waiting.first)) {
      this.release(next)
    }
  }

  private enqueue(claimant: Claimant<R>): void {
    claimant.used = Math.max(claimant.used, this.progress - quantum)
    claimant.place = this.waiting.add(claimant.used, claimant)
    this.inOrder.add(claimant)
    this.bell.ring()
  }

  private leave(claimant: Claimant<R> | undefined): Claimant<R> | undefined {
    if (claimant === undefined) return undefined
    this.waiting.remove(claimant.place!)
    this.inOrder.delete(claimant)
    claimant.place = undefined
    return claimant
  }

  private release(claimant: Claimant<R>): void {
    if (this.released.has(claimant)) return
    this.released.add(claimant)
    this.scheduler.scheduleTask(() => {
      this.released.delete(claimant)
      claimant.run(this.millis())
      if (claimant.isReady) this.release(claimant)
    }, 0)
  }

  private give(claimant: Claimant<R>): Effect.Effect<void, never, R> | undefined {
    const begun = this.millis()
    this.running = claimant
    const rest = claimant.run(begun)
    this.running = undefined
    this.charge(claimant, begun)
    if (rest === undefined && claimant.isReady) this.enqueue(claimant)
    return rest
  }

  private charge(claimant: Claimant<R>, begun: number): void {
    const used = this.millis() - begun
    claimant.used += used < short ? used * shortWeight : used
    this.credit -= used < tiny ? used * shortWeight : used
    if (claimant !== this.eldest) this.patience -= used
    else this.patience = Math.max(0, this.patience) + patienceFactor * used
  }

  /** Whoever has used least. The first of a round always: it may have waited for the network to be asked. */
  private next(): Claimant<R> | undefined {
    const byNeed = this.credit === quantum || this.patience > 0
    this.eldest = byNeed ? undefined : this.inOrder.values().next().value
    if (this.eldest !== undefined) return this.leave(this.eldest)
    const neediest = this.leave(this.waiting.first)
    this.progress = Math.max(this.progress, neediest?.used ?? 0)
    return neediest
  }

  /** The rest of the round: a loop, left only for what takes waiting. */
  private readonly shares: Effect.Effect<void, never, R> = Effect.suspend(() => {
    while (this.left-- > 0 && this.credit > 0) {
      const claimant = this.next()
      if (claimant === undefined) break
      const rest = this.give(claimant)
      if (rest !== undefined) return Effect.zipRight(this.waitFor(claimant, rest), this.shares)
    }
    return this.loop
  })

  private waitFor(claimant: Claimant<R>, rest: Effect.Effect<void, never, R>): Effect.Effect<void, never, R> {
    this.awaited = claimant
    const begun = this.millis()
    return Effect.map(rest, () => {
      this.awaited = undefined
      // That it waited is no excuse: so did all others.
      this.charge(claimant, begun)
      if (claimant.isReady) this.enqueue(claimant)
    })
  }

  private readonly round: Effect.Effect<void, never, R> = Effect.suspend(() => {
    this.credit = quantum
    this.left = this.waiting.size
    return this.shares
  })

  private readonly loop: Effect.Effect<void, never, R> = Effect.suspend(() => {
    const awake = Effect.zipRight(this.poll, this.round)
    if (this.waiting.size > 0) return awake
    this.credit = leeway
    this.eldest = undefined
    return Effect.zipRight(this.bell.wait, awake)
  })

  /** If whoever all wait for is lost, the fiber ends with it, and another goes on behind it. */
  private start(effect: Effect.Effect<void, never, R>): void {
    const fiber = this.fork(Effect.interruptible(effect))
    this.fiber = fiber
    fiber.addObserver(() => {
      const lost = this.awaited
      this.awaited = undefined
      lost?.abandon()
      if (!this.isStopped) this.start(this.shares)
    })
  }
}

/** A queue that runs as long as its scope is open. */
export const make = <R>(): Effect.Effect<RunQueue<R>, never, R | Scope.Scope | SocketServer> =>
  Effect.gen(function*() {
    const { poll } = yield* SocketServer
    const { millis } = yield* Stopwatch
    const scheduler = yield* FiberRef.get(FiberRef.currentScheduler)
    const fork = Runtime.runFork(yield* Effect.runtime<R>())
    return yield* Effect.acquireRelease(
      Effect.sync(() => new RunQueue<R>({ poll, millis, scheduler, fork })),
      (queue) => Effect.sync(() => queue.stop())
    )
  })
