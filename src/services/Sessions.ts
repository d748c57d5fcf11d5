/**
 * State by name: a session is one state, wherever in the cluster it lives and whichever front asks. It is saved before it is
 * answered, and what is asked twice is done once. They stand on the entities of `@effect/cluster`.
 *
 * @since 0.2.0
 * @module
 */
import type { AlreadyProcessingMessage, MailboxFull, PersistenceError } from "@effect/cluster/ClusterError"
import * as Entity from "@effect/cluster/Entity"
import type { Sharding } from "@effect/cluster/Sharding"
import * as Rpc from "@effect/rpc/Rpc"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { Asker } from "./cluster/Asker.js"
import { Keeper } from "./cluster/Keeper.js"
import { SessionStore } from "./SessionStore.js"

/**
 * Nobody answered for the session within the patience of whoever asked: its runner or the store is away, or it has more to do
 * than it can hold. What was asked may have been done.
 *
 * @since 0.2.0
 * @category errors
 */
export class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", {
  /** The session's name. */
  name: Schema.String,
  reason: Schema.String
}) {
  override get message(): string {
    return `The session ${this.name} is not available: ${this.reason} Ask again later.`
  }
}

/**
 * What was asked is behind something later of the same asker, and was not done now: `seq` must grow.
 *
 * @since 0.2.0
 * @category errors
 */
export class Outdated extends Schema.TaggedError<Outdated>()("Outdated", {
  /** The session's name. */
  name: Schema.String,
  seq: Schema.Number,
  /** The last of this asker that was done. */
  last: Schema.Number
}) {
  override get message(): string {
    return `The session ${this.name} has done ${this.last} of the same asker, which is behind ${this.seq}: give each request a number over that of the one before.`
  }
}

/**
 * Who asks, and the number of the request among theirs: a second one of the same is a duplicate.
 *
 * @since 0.2.0
 * @category models
 */
export interface Asked {
  /** A name that nobody else asks by, such as a UUID. */
  readonly from: string
  /** A whole number, larger than those before it; the same if what was asked before is asked again. */
  readonly seq: number
}

/**
 * What sessions of one kind are; what may be left out has its default.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options<State, StateText, Request, RequestText, Reply, ReplyText, R> {
  /** The kind's name: the same on every runner, and of no other kind. The store knows it by this. */
  readonly kind: string
  /** How a state is saved: as JSON. */
  readonly state: Schema.Schema<State, StateText>
  /** How a request goes from a front to a runner. */
  readonly request: Schema.Schema<Request, RequestText>
  /** How a reply goes back. The last of each asker is saved with the state. */
  readonly reply: Schema.Schema<Reply, ReplyText>
  /** The state of a session that nobody has asked anything. */
  readonly initial: State
  /**
   * The reply, and the state after it. What is not to be saved leaves the state as it is (`===`). It may run more than once
   * for one request, where its runner is lost or the store is away, and its state is kept once: what else it does is done as
   * often. What can fail is a part of the reply.
   */
  readonly receive: (state: State, request: Request) => Effect.Effect<readonly [Reply, State], never, R>
  /** Requests that wait for one session; more are refused, and asked again. Default: 1,000. */
  readonly mailbox?: number | undefined
  /** How long a session that nobody asks stays in memory. Default: a minute. */
  readonly maxIdleTime?: Duration.DurationInput | undefined
  /** How many askers a session remembers, those of its last changes. Default: 64. */
  readonly askers?: number | undefined
}

/**
 * Asks a session. Without an `Asked` of one's own, what is asked is sent again under the same number while `patience` lasts.
 *
 * @since 0.2.0
 * @category models
 */
export type Ask<Request, Reply> = (
  name: string,
  request: Request,
  asked?: Asked
) => Effect.Effect<Reply, Unavailable | Outdated>

/**
 * How a front asks.
 *
 * @since 0.2.0
 * @category models
 */
export interface ClientOptions {
  /** For how long a request is sent again and again before it is `Unavailable`. Default: 30 seconds. */
  readonly patience?: Duration.DurationInput | undefined
}

/**
 * Sessions of one kind: the layer for those who hold them, and the client for those who ask.
 *
 * @since 0.2.0
 * @category models
 */
export interface Sessions<Request, Reply, R> {
  /** Holds sessions of this kind on this runner. */
  readonly layer: Layer.Layer<never, never, Sharding | SessionStore | R>
  /**
   * Asks from here. One client's requests to one session go one after another, in their order; those to several side by side.
   * A front makes one client, and keeps it.
   */
  readonly client: (options?: ClientOptions) => Effect.Effect<Ask<Request, Reply>, never, Sharding>
}

/** At once, and then ever later, for as long as the patience lasts. */
const again = Schedule.union(Schedule.exponential("50 millis"), Schedule.spaced("1 second"))

const reasons = {
  MailboxFull: "more wait for it than it holds.",
  AlreadyProcessingMessage: "its runner is still at work on the same.",
  PersistenceError: "the cluster's storage did not answer."
}

const reasonOf = (error: Unavailable | MailboxFull | AlreadyProcessingMessage | PersistenceError): string =>
  error._tag === "Unavailable" ? error.reason : reasons[error._tag]

/**
 * Describes sessions of one kind.
 *
 * @example
 * ```ts
 * import { Cluster, Sessions } from "effect-switchboard/cluster"
 * import { Effect, Layer, Schema } from "effect"
 *
 * const Counter = Sessions.make({
 *   kind: "counter",
 *   state: Schema.Number,
 *   request: Schema.Number,
 *   reply: Schema.Number,
 *   initial: 0,
 *   receive: (count, step) => Effect.succeed([count + step, count + step])
 * })
 *
 * const program = Effect.gen(function*() {
 *   const ask = yield* Counter.client()
 *   yield* ask("visitors", 2)
 *   return yield* ask("visitors", 3)
 * }).pipe(Effect.provide(Layer.provideMerge(Counter.layer, Cluster.layer())))
 *
 * Effect.runPromise(program).then((count) => assert.strictEqual(count, 5))
 * ```
 *
 * @since 0.2.0
 * @category constructors
 */
export const make = <State, StateText, Request, RequestText, Reply, ReplyText, R = never>(
  options: Options<State, StateText, Request, RequestText, Reply, ReplyText, R>
): Sessions<Request, Reply, R> => {
  const { askers = 64, kind, mailbox = 1000, maxIdleTime = "1 minute" } = options
  const entity = Entity.make(`Session/${kind}`, [
    Rpc.make("Ask", {
      payload: { from: Schema.String, seq: Schema.Number, request: options.request },
      success: options.reply,
      error: Schema.Union(Unavailable, Outdated)
    })
  ])

  const holds = Effect.gen(function*() {
    const store = yield* SessionStore
    const context = yield* Effect.context<R>()
    const { entityId: name } = yield* Entity.CurrentAddress
    const keeper = new Keeper({ ...options, askers }, name, store)
    return entity.of({
      Ask: ({ payload: { from, request, seq } }) =>
        keeper.ask({ from, seq }, request).pipe(
          Effect.mapError((problem) =>
            problem._tag === "Outdated"
              ? new Outdated({ name, seq, last: problem.last })
              : new Unavailable({ name, reason: problem.reason })
          ),
          Effect.provide(context)
        )
    })
  })

  return {
    layer: entity.toLayer(holds, {
      concurrency: 1,
      mailboxCapacity: mailbox,
      maxIdleTime,
      // A defect is the request's, and the session stays for the others.
      disableFatalDefects: true
    }),
    client: ({ patience = "30 seconds" } = {}) =>
      Effect.map(entity.client, (clientOf) => {
        const asker = new Asker()
        return (name, request, asked) => {
          let reason = "nobody answered in time."
          const ask = ({ from, seq }: Asked): Effect.Effect<Reply, Outdated> =>
            Effect.suspend(() => clientOf(name).Ask({ from, seq, request })).pipe(
              Effect.catchAll((error) => {
                if (error._tag === "Outdated") return Effect.succeed(Either.left(error))
                reason = reasonOf(error)
                return Effect.fail(error)
              }),
              Effect.retry(again),
              Effect.orDie,
              Effect.flatMap((answer) => Either.isEither(answer) ? answer : Effect.succeed(answer))
            )
          return (asked === undefined ? asker.inTurn(name, ask) : ask(asked)).pipe(
            // Who waits is let go at once, and not when a runner that is gone has let go.
            Effect.disconnect,
            Effect.timeoutFail({ duration: patience, onTimeout: () => new Unavailable({ name, reason }) })
          )
        }
      })
  }
}
