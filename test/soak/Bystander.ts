/** One who asks in good order, whatever the others do, and must be answered in time. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as net from "node:net"
import { Cut, Finding } from "./Finding.js"
import type { Speech } from "./Speech.js"
import { matches } from "./Speech.js"
import type { Stopwatch } from "./Stopwatch.js"

/** The longest that an answer may take, in milliseconds. */
const patience = 1000

/** How often it looks whether its patience is at an end, in milliseconds. */
const look = 50

/** From one request to the next, and from one visit to the next, in milliseconds. */
const beat = 25
const absence = 200

export interface Place {
  readonly port: number
  readonly speech: Speech
  readonly watch: Stopwatch
  /** What the machine made everybody wait since that time (of `performance.now`), in milliseconds. */
  readonly lateness: (since: number) => number
}

/** Asks once; gives the milliseconds that the answer took. */
export type Ask = Effect.Effect<number, Finding | Cut>

interface Question {
  readonly reply: string | RegExp
  readonly settle: (outcome: Effect.Effect<void, Finding | Cut>) => void
}

/** Comes in. That it is not let in is told with the first question. */
export const make = ({ lateness, port, speech, watch }: Place): Effect.Effect<Ask, never, Scope.Scope> =>
  Effect.gen(function*() {
    const socket = yield* Effect.acquireRelease(
      Effect.sync(() => net.connect({ port, host: "127.0.0.1", noDelay: true })),
      (socket) => Effect.sync(() => socket.destroy())
    )
    const listener = speech.listen()
    const questions: Array<Question> = []
    let asked = 0
    let spoke = performance.now()
    /** The longest that it was silent itself. */
    let silence = 0
    let local = 0
    let code = "FIN"

    const cut = Effect.suspend(() =>
      new Cut({ code, port: local, silence: Math.max(silence, performance.now() - spoke) })
    )
    socket.on("connect", () => {
      local = socket.localPort ?? 0
    })
    socket.on("error", (error: NodeJS.ErrnoException) => {
      code = error.code ?? error.message
    })
    socket.on("close", () => {
      for (const question of questions.splice(0)) question.settle(cut)
    })
    socket.on("data", (chunk: Buffer) => {
      for (const reply of listener.hear(chunk)) {
        const question = questions.shift()
        if (question === undefined) continue
        const isRight = matches(reply, question.reply)
        question.settle(isRight ? Effect.void : new Finding({ message: `The bystander was told '${reply}'.` }))
      }
    })

    return Effect.suspend(() => {
      const begun = watch.now()
      const since = performance.now()
      const took = (): number => watch.now() - begun
      const computed = watch.busy()
      const late = (): Finding | undefined =>
        took() > patience + lateness(since)
          ? new Finding({
            message: `The bystander waited ${Math.round(took())} ms for an answer; the server computed for ${
              Math.round(watch.busy() - computed)
            } ms of it.`
          })
          : undefined
      const answer = Effect.async<void, Finding | Cut>((resume) => {
        const timer = setInterval(() => {
          const finding = late()
          if (finding !== undefined) settle(finding)
        }, look)
        const settle = (outcome: Effect.Effect<void, Finding | Cut>): void => {
          clearInterval(timer)
          resume(outcome)
        }
        silence = Math.max(silence, since - spoke)
        spoke = since
        if (socket.closed) return settle(cut)
        questions.push({ reply: speech.reply(asked), settle })
        socket.write(speech.request(asked++))
        return Effect.sync(() => clearInterval(timer))
      })
      return Effect.zipRight(answer, Effect.suspend(() => late() ?? Effect.succeed(took())))
    })
  })

/** Again and again, whether the last was answered or not; keeps how long each answer took. */
const keepAsking = (ask: Ask, pause: number, waits: Array<number>): Effect.Effect<never, Finding | Cut> =>
  Effect.scoped(Effect.gen(function*() {
    const complaint = yield* Deferred.make<never, Finding | Cut>()
    const once = Effect.matchEffect(ask, {
      onSuccess: (took) => Effect.sync(() => waits.push(took)),
      onFailure: (error) => Deferred.fail(complaint, error)
    })
    const again = Effect.forever(Effect.zipRight(Effect.forkScoped(once), Effect.sleep(pause)))
    return yield* Effect.raceFirst(Deferred.await(complaint), again)
  }))

/** Stays, and asks so often that no limit but the least is ever near. */
export const stay = (ask: Ask, waits: Array<number>): Effect.Effect<never, Finding | Cut> =>
  keepAsking(ask, beat, waits)

/** Comes, asks and goes. */
export const visit = (place: Place): Ask => Effect.scoped(Effect.flatten(make(place)))

/** Comes anew for each question. */
export const keepVisiting = (place: Place, waits: Array<number>): Effect.Effect<never, Finding | Cut> =>
  keepAsking(visit(place), absence, waits)

/** The same, where it may be refused: that is an answer, too. */
export const visitOrBeRefused = (place: Place): Effect.Effect<never, Finding> =>
  Effect.forever(Effect.zipRight(Effect.catchTag(visit(place), "Cut", () => Effect.void), Effect.sleep(absence)))
