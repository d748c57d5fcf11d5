/** A server and its crowd, and what may be asked of them. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { PCGRandom } from "effect/Utils"
import type { Place } from "./Bystander.js"
import * as Bystander from "./Bystander.js"
import type { Case } from "./Case.js"
import { longest } from "./Case.js"
import type { Crowd } from "./CrowdProcess.js"
import * as CrowdProcess from "./CrowdProcess.js"
import type { Cut } from "./Finding.js"
import { Finding } from "./Finding.js"
import type { ServerUnderTest } from "./ServerUnderTest.js"
import * as Server from "./ServerUnderTest.js"
import type { Yardstick } from "./Yardstick.js"

/** Clients at a time. */
const crowdSize = 24

/** The longest that a client stays, in milliseconds; most outstay the limits, if those are less. */
const longestStay = 5000

/** What a server has to notice that everybody has left, in milliseconds: a second for those who linger, and one for the machine. */
const settling = 2000

/** What a server may hold more after a storm than before it, in bytes. */
const mostGrowth = 4 * 1024 * 1024

/** What a stop may take over the time to drain, in milliseconds. */
const grace = 1000

export interface Ending {
  /** Clients that the server had, at the end of its drain. */
  readonly cut: number
  /** Milliseconds. */
  readonly took: number
}

const fail = (message: string): Effect.Effect<never, Finding> => new Finding({ message })

export class Stage {
  readonly place: Place
  readonly random: PCGRandom
  /** How many clients there have been. */
  clients = 0
  private readonly play: Case
  readonly server: ServerUnderTest
  private readonly crowd: Crowd

  constructor(play: Case, server: ServerUnderTest, crowd: Crowd, { lateness }: Yardstick) {
    this.play = play
    this.server = server
    this.crowd = crowd
    this.random = new PCGRandom(play.seed)
    this.place = { port: server.port, speech: play.speech, watch: server.watch, lateness }
  }

  /** The crowd is there for that time; and those beside it have nothing to complain of. */
  storm(
    time: Effect.Effect<unknown>,
    bystanders: ReadonlyArray<Effect.Effect<never, Finding | Cut>> = []
  ): Effect.Effect<void, Finding | Cut> {
    return Effect.zipRight(
      this.crowd.come(crowdSize),
      bystanders.reduce(
        (all, each) => Effect.raceFirst(all, each),
        Effect.asVoid(time) as Effect.Effect<void, Finding | Cut>
      )
    )
  }

  /** The crowd leaves. */
  get calm(): Effect.Effect<void, Finding> {
    return Effect.flatMap(this.crowd.leave, ({ accusations, clients }) => {
      this.clients = clients
      return accusations.length > 0
        ? fail(`${accusations.length} wrong answers, the first ${accusations[0]!}.`)
        : Effect.void
    })
  }

  /** The crowd leaves, and nothing is left of it: the server has so many descriptors again. */
  recovered(descriptors: number): Effect.Effect<void, Finding> {
    return Effect.zipRight(
      this.calm,
      this.within(
        settling,
        () => this.server.descriptors() === descriptors,
        () =>
          `everybody has left, and the server has ${this.server.descriptors()} descriptors instead of ${descriptors}`
      )
    )
  }

  /** A bystander comes back; it may be refused while those who have left are still in the kernel's queue before it. */
  get comeBack(): Effect.Effect<number, Finding | Cut> {
    const begun = this.place.watch.now()
    return Effect.retry(Bystander.visit(this.place), {
      while: ({ _tag }) => _tag === "Cut" && this.place.watch.now() - begun < settling,
      schedule: Schedule.spaced(50)
    })
  }

  /** What the server holds more than then. */
  grownSince(held: number): Effect.Effect<number, Finding> {
    return Effect.flatMap(
      this.server.held,
      (now) =>
        now - held > mostGrowth ? fail(`The server holds ${now} bytes, and held ${held}.`) : Effect.succeed(now - held)
    )
  }

  /** The server ends, within its time to drain. What it says of that is checked, and that it wrote nothing but its log. */
  get ending(): Effect.Effect<Ending, Finding> {
    return Effect.gen(this, function*() {
      const { drain } = this.play.limits
      const took = yield* this.within(
        drain + grace,
        () => this.server.isOver(),
        () => `the server was told to end, and has not`
      )
      const { code, signal } = yield* this.server.exit
      const log = this.server.log()
      const strange = log.find(({ event, level }) => level !== "INFO" && level !== "WARN" && event !== "ended")
      if (strange !== undefined) return yield* fail(`The server wrote: ${JSON.stringify(strange)}`)
      const { cut } = log.findLast(({ event }) => event === "stopped") ?? {}
      if (cut === undefined) return yield* fail("The log does not say that the server stopped.")
      if (code !== (cut > 0 ? 4 : 0)) return yield* fail(`Having cut ${cut}, the server ended with ${signal ?? code}.`)
      return { cut, took }
    })
  }

  /** How long the server takes for that, if it is not too long. */
  private within(
    milliseconds: number,
    holds: () => boolean,
    complaint: () => string
  ): Effect.Effect<number, Finding> {
    return Effect.suspend(() => {
      const { lateness, watch } = this.place
      const begun = watch.now()
      const since = performance.now()
      const look: Effect.Effect<number, Finding> = Effect.suspend(() => {
        const took = watch.now() - begun
        if (holds()) return Effect.succeed(took)
        if (took > milliseconds + lateness(since)) return fail(`After ${Math.round(took)} ms ${complaint()}.`)
        return Effect.zipRight(Effect.sleep(10), look)
      })
      return look
    })
  }
}

export const make = (play: Case, yardstick: Yardstick): Effect.Effect<Stage, never, Scope.Scope> =>
  Effect.gen(function*() {
    const server = yield* Server.start(play)
    const crowd = yield* CrowdProcess.start({
      port: server.port,
      protocol: play.speech.protocol,
      seed: play.seed,
      longest: Math.min(4 * longest(play.limits), longestStay)
    })
    return new Stage(play, server, crowd, yardstick)
  })
