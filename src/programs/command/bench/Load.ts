/**
 * A load on a server: many connections, each with up to `depth` requests under way, for a time.
 *
 * Without a rate, a request follows each reply. With one, requests are due at fixed times, whatever the server does, and
 * a reply's latency counts from the time its request was due: a server that stalls is charged for all it kept waiting,
 * not for those alone that had been sent.
 */
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Address } from "../../../domain/Address.js"
import { format } from "../../../domain/Address.js"
import type { ConnectError } from "../../../domain/NetworkError.js"
import { Connector } from "../../../services/Connector.js"
import type { HungUp } from "../../client/disconnected.js"
import { disconnected } from "../../client/disconnected.js"
import type { Summary } from "../report/Latency.js"
import { Latency } from "../report/Latency.js"
import type { WrongReply } from "./Checker.js"
import type { Traffic } from "./Lane.js"
import { Lane } from "./Lane.js"
import { Tape } from "./Tape.js"
import type { Workload } from "./Workload.js"

export interface Options {
  readonly connections: number
  /** Requests under way on each connection, at the most. */
  readonly depth: number
  readonly duration: Duration.Duration
  /** Before that, the same load for so long, uncounted. */
  readonly warmUp: Duration.Duration
  /** Requests a second, over all connections; without it as many as get replies. */
  readonly rate: number | undefined
  /** For each connection, and at the end for the replies that are still to come. */
  readonly timeout: Duration.Duration
}

/** What can go wrong for one connection or request while the load goes on. */
export type ErrorKind = "WrongReply" | "ReplyTimeout" | HungUp["_tag"]

/** What came of a load. */
export interface Measurement {
  readonly connections: number
  /** When the time that counts began, ISO 8601. */
  readonly began: string
  /** How long it was. */
  readonly seconds: number
  readonly requests: number
  /** Those that came within the time. */
  readonly replies: number
  readonly requestsPerSecond: number
  readonly bytesSent: number
  readonly bytesReceived: number
  readonly latency: Summary
  /** Wrong replies, requests without a reply, and connections lost. */
  readonly errors: Readonly<Partial<Record<ErrorKind, number>>>
  readonly firstWrong: WrongReply | undefined
  /** Requests that were due within the time and could not be sent, because their connections were full. */
  readonly unsent: number
  readonly warmUp: { readonly seconds: number; readonly replies: number }
  /** Whether it was stopped before its time was over, and how many of the last requests would be answered is not known. */
  readonly isCutShort: boolean
}

/** A load under way. */
export interface Progress {
  readonly phase: Phase
  /** Of the phase. */
  readonly seconds: number
  readonly replies: number
  readonly errors: number
  readonly p99: number
}

export type Phase = "warming up" | "measuring" | "waiting for the last replies" | "over"

export interface Load {
  /** Runs the load. Fails once every connection is lost. */
  readonly run: Effect.Effect<Measurement, HungUp, Scope.Scope>
  readonly progress: () => Progress
  /** What was measured before it was stopped; undefined if that was nothing. */
  readonly soFar: () => Measurement | undefined
}

/** Connections that are made at the same time. */
const connecting = 256

/** The server did not say what it should. */
export class WrongReplies extends Data.TaggedError("WrongReplies")<{
  readonly address: Address
  readonly count: number
  readonly first: WrongReply
}> {
  override get message(): string {
    const { actual, expected } = this.first
    return `The server at ${format(this.address)} gave ${this.count} wrong ${
      this.count === 1 ? "reply" : "replies"
    }, the first ${
      expected === undefined ? `'${actual}' to nothing that was asked` : `'${actual}' instead of '${expected}'`
    }: is it another protocol?`
  }
}

/** Counters, from the beginning of a phase. */
class Tally {
  requests = 0
  replies = 0
  bytesSent = 0
  bytesReceived = 0
  readonly latency = new Latency()
  readonly beganAt: number

  constructor(beganAt: number) {
    this.beganAt = beganAt
  }
}

/** Connects; the connections are closed with the scope. */
export const make = (
  address: Address,
  workload: Workload,
  options: Options
): Effect.Effect<Load, ConnectError, Connector | Scope.Scope> =>
  Effect.gen(function*() {
    const { connections, depth, rate } = options
    const connector = yield* Connector
    const clock = yield* Effect.clock
    const origin = clock.unsafeCurrentTimeNanos()
    const now = (): number => Number(clock.unsafeCurrentTimeNanos() - origin) / 1000
    const allLost = yield* Deferred.make<never, HungUp>()
    const answered = yield* Deferred.make<void>()
    const errors: Partial<Record<ErrorKind, number>> = {}
    let firstWrong: WrongReply | undefined = undefined
    let phase: Phase = "warming up"
    let tally = new Tally(now())
    let inFlight = 0
    let living = connections
    let worst: HungUp | undefined = undefined

    const blame = (kind: ErrorKind, count: number): void => {
      errors[kind] = (errors[kind] ?? 0) + count
    }
    const checkAnswered = (): void => {
      if (inFlight === 0 && phase === "waiting for the last replies") Deferred.unsafeDone(answered, Effect.void)
    }

    const traffic: Traffic = {
      framing: workload.framing,
      requests: new Tape(workload.requests, depth),
      replies: new Tape(workload.replies, depth),
      depth,
      interval: rate === undefined ? undefined : connections / rate * 1_000_000,
      now,
      sent: (requests, bytes) => {
        inFlight += requests
        tally.requests += requests
        tally.bytesSent += bytes
      },
      received: (bytes) => {
        if (phase !== "waiting for the last replies") tally.bytesReceived += bytes
      },
      answered: (due, at, count) => {
        inFlight -= count
        tally.latency.record(at - due, count)
        if (phase === "waiting for the last replies") checkAnswered()
        else tally.replies += count
      },
      wrong: (wrong) => {
        firstWrong ??= wrong
        blame("WrongReply", 1)
      },
      lost: (lane, error) => {
        if (phase === "over") return
        const end = disconnected(address, lane.hasSpoken, error, undefined)
        blame(end._tag, 1)
        inFlight -= lane.inFlight.count
        // A server that served some of its clients before it went has not refused.
        if (worst === undefined || worst._tag === "ConnectionRefused") worst = end
        if (--living === 0) Deferred.unsafeDone(allLost, Effect.fail(worst))
        checkAnswered()
      }
    }

    const lanes = yield* Effect.forEach(
      Array.from({ length: connections }),
      () => Effect.map(connector.connect(address, options.timeout), (connection) => new Lane(connection, traffic)),
      { concurrency: connecting }
    )

    /** One request is due every `1 / rate` seconds, on one lane after the other. */
    const pace = (rate: number): Effect.Effect<never> => {
      const start = now()
      let sequence = 0
      const due = (): number => start + sequence * 1_000_000 / rate
      return Effect.forever(
        Effect.suspend(() => {
          for (const until = now(); due() <= until; sequence++) lanes[sequence % connections]!.owe(due())
          // At least a microsecond: to sleep for less could be not to sleep at all.
          return Effect.sleep(Duration.millis(Math.ceil(due() - now()) / 1000))
        })
      )
    }

    const secondsSince = (time: number): number => (now() - time) / 1_000_000

    let began = ""
    let warmUp = { seconds: 0, replies: 0 }
    let seconds: number | undefined = undefined
    let unsent = 0
    let cutShort: Measurement | undefined = undefined
    const measurement = (isCutShort: boolean): Measurement => {
      const { bytesReceived, bytesSent, latency, replies, requests } = tally
      const time = seconds ?? secondsSince(tally.beganAt)
      return {
        connections,
        began,
        seconds: time,
        requests,
        replies,
        requestsPerSecond: replies / time,
        bytesSent,
        bytesReceived,
        latency: latency.summary(),
        errors,
        firstWrong,
        unsent,
        warmUp,
        isCutShort
      }
    }

    const measure = Effect.gen(function*() {
      tally = new Tally(now())
      for (const lane of lanes) {
        lane.open()
        if (rate === undefined) lane.send(now())
      }
      const pacer = rate === undefined ? undefined : yield* Effect.forkScoped(pace(rate))
      yield* Effect.sleep(options.warmUp)
      warmUp = { seconds: secondsSince(tally.beganAt), replies: tally.replies }
      phase = "measuring"
      began = new Date(clock.unsafeCurrentTimeMillis()).toISOString()
      tally = new Tally(now())
      yield* Effect.sleep(options.duration)

      seconds = secondsSince(tally.beganAt)
      phase = "waiting for the last replies"
      if (pacer !== undefined) pacer.unsafeInterruptAsFork(pacer.id())
      for (const lane of lanes) {
        lane.finish()
        unsent += lane.owed
      }
      checkAnswered()
      yield* Effect.timeoutOption(Deferred.await(answered), options.timeout)
      if (inFlight > 0) blame("ReplyTimeout", inFlight)
      return measurement(false)
    })

    return {
      run: Effect.raceFirst(measure, Deferred.await(allLost)).pipe(
        Effect.onInterrupt(() =>
          Effect.sync(() => {
            if (phase !== "warming up") cutShort = measurement(true)
          })
        ),
        Effect.ensuring(Effect.sync(() => {
          phase = "over"
        }))
      ),
      soFar: () => cutShort,
      progress: () => ({
        phase,
        seconds: secondsSince(tally.beganAt),
        replies: tally.replies,
        errors: Object.values(errors).reduce((sum, count) => sum + count, 0),
        p99: tally.latency.at(99)
      })
    }
  })
