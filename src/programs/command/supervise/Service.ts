/** The administration of a service of several processes: it asks each of them, and makes one of what they answer. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import * as Stream from "effect/Stream"
import type { Administration, Happening, Health, Level, Limits } from "../admin/Administration.js"
import * as Conversations from "../admin/Conversations.js"
import type { Family } from "../admin/Family.js"
import { gauge, merge } from "../admin/Family.js"
import { Refused } from "../admin/Refused.js"
import type { Questions } from "../serve/worker/messages.js"
import { share } from "../serve/worker/share.js"
import type { Worker } from "./Worker.js"

/** What it knows of the supervisor. */
export interface Options {
  /** Those that serve, and those that only answer what they have received. */
  readonly workers: () => ReadonlyArray<Worker>
  readonly leaving: () => ReadonlyArray<Worker>
  readonly reload: Effect.Effect<void, { readonly message: string }>
  /** Begins the stop. */
  readonly drain: Effect.Effect<void>
  readonly showsMessages: boolean
}

/** What holds for the workers that go by the same settings, and what of it was changed since: whoever comes later is told. */
export interface Terms {
  readonly limits: Limits
  readonly level: Level
  changes: Partial<Limits>
  changedLevel: Level | undefined
}

export const terms = (limits: Limits, level: Level): Terms => ({ limits, level, changes: {}, changedLevel: undefined })

/** Whoever has not answered by then is left out. */
const patience = "2 seconds"

/** Happenings that one who is slow to take them may be behind. */
const behind = 1024

/** What of those that end is to be counted no more. */
const ofServing = new Set(["switchboard_connections_limit", "switchboard_workers"])

const isKept = ({ type }: Family): boolean => type !== "gauge"

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((sum, number) => sum + number, 0)

type WithoutTime<H = Happening> = H extends Happening ? Omit<H, "at" | "worker"> : never

export class Service {
  readonly administration: typeof Administration.Service
  private readonly options: Options
  private readonly startedAt = Date.now()
  private readonly happenings = Effect.runSync(PubSub.sliding<Happening>(behind))
  private audience = 0
  private state: Health["state"] = "starting"
  /** What those have counted that are gone. */
  private past: ReadonlyArray<Family> = []
  private terms: Terms

  constructor(options: Options, terms: Terms) {
    this.options = options
    this.terms = terms
    this.administration = {
      health: Effect.sync(() => this.health),
      metrics: this.metrics,
      connections: ({ after, limit }) => {
        const page = ({ number }: Worker) => ({
          after: { worker: 0, id: number === after.worker ? after.id : 0 },
          limit: number < after.worker ? 0 : limit
        })
        return Effect.map(this.askAll("connections", page), (pages) => ({
          connections: pages.flatMap(([{ number }, { connections }]) =>
            connections.map((entry) => ({ ...entry, worker: number }))
          ).slice(0, limit),
          open: sum(pages.map(([, { open }]) => open))
        }))
      },
      disconnect: ({ id, worker }) => {
        const one = this.all.find(({ number }) => number === worker)
        return one === undefined
          ? Effect.succeed(false)
          : Effect.map(ask(one, "disconnect", { worker: 0, id }), Option.getOrElse(() => false))
      },
      drain: options.drain,
      reload: Effect.mapError(options.reload, ({ message }) => new Refused({ status: 409, message })),
      limits: Effect.map(this.askServing("limits", () => undefined), (answers) => this.whole(answers)),
      setLimits: (changes) =>
        Effect.suspend(() => {
          this.terms.changes = { ...this.terms.changes, ...changes }
          return Effect.map(this.askServing("setLimits", (worker) => partOf(changes, worker)), (answers) => {
            const limits = this.whole(answers)
            this.tell({ _tag: "LimitsChanged", limits })
            return limits
          })
        }),
      level: Effect.sync(() => this.terms.changedLevel ?? this.terms.level),
      setLevel: (level) =>
        Effect.suspend(() => {
          this.terms.changedLevel = level
          return Effect.map(this.askAll("setLevel", () => level), () => this.tell({ _tag: "LevelChanged", level }))
        }),
      happenings: Stream.unwrapScoped(
        Effect.zipRight(
          Effect.acquireRelease(Effect.sync(() => this.watched(1)), () => Effect.sync(() => this.watched(-1))),
          Effect.map(PubSub.subscribe(this.happenings), (queue) => Stream.fromQueue(queue))
        )
      ),
      canReload: true,
      showsMessages: options.showsMessages,
      conversation: ({ id, worker }) =>
        Effect.gen(this, function*() {
          if (!options.showsMessages) return yield* Conversations.hidden
          const one = this.all.find(({ number }) => number === worker)
          const page = one && (yield* ask(one, "connections", { after: { worker: 0, id: id - 1 }, limit: 1 }))
          const isThere = page !== undefined && Option.exists(page, ({ connections: [found] }) => found?.id === id)
          if (one === undefined || !isThere) return yield* Conversations.missing(id)
          return Conversations.stream(sourceOf(one), id)
        })
    }
  }

  /** The state is another now. */
  enter(state: Health["state"]): void {
    this.state = state
    this.tell({ _tag: "HealthChanged", health: this.health })
  }

  /** Other workers serve, by these terms. */
  follow(terms: Terms): void {
    this.terms = terms
    this.tell({ _tag: "HealthChanged", health: this.health })
    this.tell({ _tag: "LimitsChanged", limits: terms.limits })
    this.tell({ _tag: "LevelChanged", level: terms.level })
  }

  /** Sees to a worker from its start to its end. */
  readonly look = (worker: Worker, { changedLevel, changes }: Terms): Effect.Effect<void> =>
    Effect.gen(this, function*() {
      yield* worker.whenReady
      if (this.audience > 0) worker.order({ _tag: "Watch", isOn: true })
      if (changedLevel !== undefined) yield* ask(worker, "setLevel", changedLevel)
      if (Object.keys(changes).length > 0) yield* ask(worker, "setLimits", partOf(changes, worker))
      this.tell({ _tag: "HealthChanged", health: this.health })
    }).pipe(
      Effect.ignore,
      Effect.zipRight(worker.whenEnded),
      Effect.map(() => {
        this.past = merge([this.past, worker.metrics.filter(isKept)])
        this.tell({ _tag: "HealthChanged", health: this.health })
      })
    )

  /** Tells whoever looks on what has happened at a worker. */
  happened({ number }: Worker, happenings: ReadonlyArray<Happening>): void {
    for (const happening of happenings) this.happenings.unsafeOffer({ ...happening, worker: number })
  }

  private get health(): Health {
    return { state: this.state, startedAt: this.startedAt, workers: this.options.workers().length }
  }

  private get all(): ReadonlyArray<Worker> {
    return [...this.options.leaving(), ...this.options.workers()].toSorted((a, b) => a.number - b.number)
  }

  private readonly metrics = Effect.suspend(() => {
    const leaving = new Set(this.options.leaving())
    return Effect.map(
      Effect.forEach(this.all, (worker) => Effect.as(ask(worker, "metrics", undefined), worker), {
        concurrency: "unbounded"
      }),
      (workers) =>
        merge([
          ...workers.map((worker) =>
            leaving.has(worker) ? worker.metrics.filter(({ name }) => !ofServing.has(name)) : worker.metrics
          ),
          this.past,
          [
            gauge(
              "switchboard_draining",
              "Whether the server stops: 1, or 0.",
              this.state === "draining" ? 1 : 0,
              "max"
            ),
            gauge(
              "process_start_time_seconds",
              "When the first process started, in seconds since 1970.",
              this.startedAt / 1000,
              "min"
            )
          ]
        ])
    )
  })

  private readonly askAll = <What extends keyof Questions>(what: What, given: (worker: Worker) => Questions[What][0]) =>
    Effect.suspend(() => askEach(this.all, what, given))

  private readonly askServing = <What extends keyof Questions>(
    what: What,
    given: (worker: Worker) => Questions[What][0]
  ) => Effect.suspend(() => askEach(this.options.workers(), what, given))

  /** The service's limits: each worker has its part of them. */
  private whole(answers: ReadonlyArray<readonly [Worker, Limits]>): Limits {
    const [first] = answers
    if (first === undefined) return { ...this.terms.limits, ...this.terms.changes }
    return { ...first[1], maxConnections: sum(answers.map(([, { maxConnections }]) => maxConnections)) }
  }

  private tell(what: WithoutTime): void {
    if (this.audience > 0) this.happenings.unsafeOffer({ ...what, at: Date.now(), worker: 0 })
  }

  /** While nobody looks on, nothing is told. */
  private watched(by: 1 | -1): void {
    this.audience += by
    const isOn = this.audience > 0
    if (isOn && this.audience > 1) return
    for (const worker of this.all) worker.order({ _tag: "Watch", isOn })
  }
}

const partOf = (changes: Partial<Limits>, { of, part }: Worker): Partial<Limits> =>
  changes.maxConnections === undefined
    ? changes
    : { ...changes, maxConnections: Math.max(1, share(changes.maxConnections, part, of)) }

/** Listens at a worker. One that is slow to answer is asked again. */
const sourceOf = (worker: Worker): Conversations.Source => ({
  listen: (id) => Effect.map(ask(worker, "listen", id), Option.getOrNull),
  take: (listener) =>
    Effect.map(
      ask(worker, "take", listener),
      Option.getOrElse(() => worker.ended === undefined ? { said: [], isOver: false } : Conversations.gone())
    ),
  leave: (listener) => Effect.asVoid(ask(worker, "leave", listener))
})

const ask = <What extends keyof Questions>(
  worker: Worker,
  what: What,
  given: Questions[What][0]
): Effect.Effect<Option.Option<Questions[What][1]>> =>
  Effect.map(Effect.timeoutOption(worker.ask(what, given), patience), Option.flatten)

const askEach = <What extends keyof Questions>(
  workers: ReadonlyArray<Worker>,
  what: What,
  given: (worker: Worker) => Questions[What][0]
): Effect.Effect<ReadonlyArray<readonly [Worker, Questions[What][1]]>> =>
  Effect.map(
    Effect.forEach(
      workers,
      (worker) => Effect.map(ask(worker, what, given(worker)), Option.map((answer) => [worker, answer] as const)),
      { concurrency: "unbounded" }
    ),
    (answers) => answers.flatMap(Option.toArray)
  )
