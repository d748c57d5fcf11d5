/** One case, from the server's start to its end. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Bystander from "./Bystander.js"
import type { Case } from "./Case.js"
import type { Cut } from "./Finding.js"
import { Finding, Undecided } from "./Finding.js"
import type { Ending, Stage } from "./Stage.js"
import * as Stages from "./Stage.js"
import { troubles } from "./troubles.js"
import type { Yardstick } from "./Yardstick.js"

export interface Played {
  readonly clients: number
  /** Milliseconds of each answer to a bystander. */
  readonly waits: ReadonlyArray<number>
  /** Bytes that the server holds more than before; and the most memory it ever had. */
  readonly grown: number
  readonly peak: number
  readonly ending: Ending
}

/** A first, short storm: what is loaded and compiled in it is not counted as growth. */
const warmUp = Effect.sleep(700)

/** How long the crowd has to have a server of the model `once`. */
const once = Effect.sleep(2000)

/** The storm into which the stop comes. */
const lastStorm = Effect.sleep(500)

/** The longest that a case may take, with all its parts at their limits. */
const atMost = "1 minute"

/** The log is written by then. */
const logged = "200 millis"

const isOneAtATime = ({ model }: Case): boolean => model === "iterative" || model === "single"

/** Those who come, ask and leave: where there is room for them, or they are refused. Elsewhere they would wait. */
const newcomers = ({ limits, model }: Case, { place }: Stage, waits: Array<number>) => {
  if (model === "iterative") return []
  if (model === "single" || limits.atLimit === "refuse") return [Bystander.visitOrBeRefused(place)]
  return limits.atLimit === "wait" ? [] : [Bystander.keepVisiting(place, waits)]
}

/** The bystander comes first, asks from then on, and leaves; the crowd is there twice meanwhile. */
const besideCrowds = (play: Case, stage: Stage, waits: Array<number>) =>
  Effect.gen(function*() {
    const ask = yield* Bystander.make(stage.place)
    yield* ask
    const descriptors = stage.server.descriptors()
    const story = Effect.gen(function*() {
      yield* stage.storm(warmUp)
      // Who waits for the bystander's place, and has left, is found gone when the place is free.
      yield* isOneAtATime(play) ? stage.calm : stage.recovered(descriptors)
      const held = yield* stage.server.held
      yield* stage.storm(
        troubles(stage.server, play.limits, stage.random),
        newcomers(play, stage, waits)
      )
      yield* stage.calm
      return { descriptors: descriptors - 1, held }
    })
    return yield* Effect.raceFirst(story, Bystander.stay(ask, waits))
  }).pipe(Effect.scoped)

/** Under a model for one, the others have their turns now; then it is the bystander's again. */
const inTurn = (play: Case, stage: Stage, descriptors: number, waits: Array<number>) =>
  Effect.gen(function*() {
    yield* stage.storm(troubles(stage.server, play.limits, stage.random), newcomers(play, stage, waits))
    yield* stage.recovered(descriptors)
    waits.push(yield* stage.comeBack)
  })

/** SIGTERM, in a storm; or in a calm, where nobody is left to be cut. */
const stopped = (stage: Stage, inStorm: boolean) =>
  Effect.gen(function*() {
    if (inStorm) {
      yield* stage.storm(lastStorm)
      yield* stage.server.terminate
      return yield* stage.ending
    }
    yield* stage.server.terminate
    const ending = yield* stage.ending
    const draining = stage.server.log().find(({ event }) => event === "draining")
    if (draining?.open !== 0 || ending.cut !== 0) {
      return yield* new Finding({ message: `Nobody was there, and the server had ${draining?.open} clients.` })
    }
    return ending
  })

const serving = (play: Case, stage: Stage, waits: Array<number>) =>
  Effect.gen(function*() {
    const { descriptors, held } = yield* besideCrowds(play, stage, waits)
    if (isOneAtATime(play)) yield* inTurn(play, stage, descriptors, waits)
    yield* stage.recovered(descriptors)
    const grown = yield* stage.grownSince(held)
    const peak = stage.server.peak()
    const ending = yield* stopped(stage, play.number % 2 === 0)
    return { clients: stage.clients, waits, grown, peak, ending }
  })

/** Who is answered first ends the server: one of the crowd, or the bystander. */
const servingOnce = (stage: Stage, waits: Array<number>) =>
  Effect.gen(function*() {
    yield* stage.storm(Effect.raceFirst(once, stage.server.exit))
    yield* stage.calm
    const peak = stage.server.peak()
    const answer = yield* Effect.either(Bystander.visit(stage.place))
    if (Either.isRight(answer)) waits.push(answer.right)
    else if (answer.left._tag === "Finding") return yield* answer.left
    const ending = yield* stage.ending
    return { clients: stage.clients, waits, grown: 0, peak, ending }
  })

/** That the bystander was cut is nobody's fault, if it was silent itself for half the time that it may be. */
const explained = (
  subject: Case,
  stage: Stage,
  { code, port, silence }: Cut
): Effect.Effect<never, Finding | Undecided> =>
  Effect.delay(
    Effect.suspend((): Effect.Effect<never, Finding | Undecided> => {
      const { message: words = "nothing" } = stage.server.log().find(({ event, peer }) =>
        event === "closed" && peer === `127.0.0.1:${port}`
      ) ?? {}
      const message = `The bystander was cut (${code}), having been silent for ${
        Math.round(silence)
      } ms at the most. The log says: ${words}.`
      const { idle = Infinity } = subject.limits
      return silence > idle / 2 ? new Undecided({ message }) : new Finding({ message })
    }),
    logged
  )

export const play = (subject: Case, yardstick: Yardstick): Effect.Effect<Played, Finding | Undecided> =>
  Effect.scoped(Effect.gen(function*() {
    const stage = yield* Stages.make(subject, yardstick)
    const waits: Array<number> = []
    const story = subject.model === "once" ? servingOnce(stage, waits) : serving(subject, stage, waits)
    return yield* Effect.catchTag(story, "Cut", (cut) => explained(subject, stage, cut))
  })).pipe(
    Effect.timeoutFail({
      duration: atMost,
      onTimeout: () => new Finding({ message: "The case did not come to its end." })
    })
  )
