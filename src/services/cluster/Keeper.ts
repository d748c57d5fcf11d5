/** One session on its runner: it is loaded when it is first asked, and saved before it answers. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { SessionStore, SessionStoreError } from "../SessionStore.js"

interface Answer<Reply> {
  readonly from: string
  readonly seq: number
  readonly reply: Reply
}

interface Held<State, Reply> {
  readonly version: number
  readonly state: State
  /** The last answer of each asker; whoever asked last stands last. */
  readonly answers: ReadonlyArray<Answer<Reply>>
}

export interface Kind<State, StateText, Request, Reply, ReplyText, R> {
  readonly kind: string
  readonly state: Schema.Schema<State, StateText>
  readonly reply: Schema.Schema<Reply, ReplyText>
  readonly initial: State
  readonly receive: (state: State, request: Request) => Effect.Effect<readonly [Reply, State], never, R>
  readonly askers: number
}

export type Refusal =
  | { readonly _tag: "Outdated"; readonly last: number }
  | { readonly _tag: "Unavailable"; readonly reason: string }

const unavailable = (reason: string): Refusal => ({ _tag: "Unavailable", reason })
const unanswered = (error: SessionStoreError): Refusal => unavailable(error.message)

const schemaOf = <State, StateText, Reply, ReplyText>(
  { reply, state }: {
    readonly state: Schema.Schema<State, StateText>
    readonly reply: Schema.Schema<Reply, ReplyText>
  }
) =>
  Schema.parseJson(
    Schema.Struct({ state, answers: Schema.Array(Schema.Struct({ from: Schema.String, seq: Schema.Number, reply })) })
  )

export class Keeper<State, StateText, Request, Reply, ReplyText, R> {
  private readonly options: Kind<State, StateText, Request, Reply, ReplyText, R>
  private readonly name: string
  private readonly store: typeof SessionStore.Service
  private readonly schema: ReturnType<typeof schemaOf<State, StateText, Reply, ReplyText>>
  /** Nothing while it is not known what is saved. */
  private held: Held<State, Reply> | undefined

  constructor(
    options: Kind<State, StateText, Request, Reply, ReplyText, R>,
    name: string,
    store: typeof SessionStore.Service
  ) {
    this.options = options
    this.name = name
    this.store = store
    this.schema = schemaOf(options)
  }

  /** One at a time: whoever calls it sees to that. */
  ask(
    { from, seq }: { readonly from: string; readonly seq: number },
    request: Request
  ): Effect.Effect<Reply, Refusal, R> {
    return Effect.gen(this, function*() {
      const held = this.held ??= yield* this.load()
      const before = held.answers.find((answer) => answer.from === from)
      if (before?.seq === seq) return before.reply
      if (before !== undefined && seq < before.seq) {
        return yield* Effect.fail<Refusal>({ _tag: "Outdated", last: before.seq })
      }
      const [reply, state] = yield* this.options.receive(held.state, request)
      const others = held.answers.filter((answer) => answer.from !== from)
      const answers = [...others, { from, seq, reply }].slice(-this.options.askers)
      this.held = state === held.state
        ? { ...held, answers }
        : yield* this.save({ version: held.version + 1, state, answers })
      return reply
    })
  }

  private load(): Effect.Effect<Held<State, Reply>, Refusal> {
    return Effect.gen(this, function*() {
      const saved = yield* Effect.mapError(this.store.load(this.options.kind, this.name), unanswered)
      if (Option.isNone(saved)) return { version: 0, state: this.options.initial, answers: [] }
      const { text, version } = saved.value
      const read = yield* Effect.mapError(
        Schema.decode(this.schema)(text),
        (error) => unavailable(`what is saved of it cannot be read: ${error.message}.`)
      )
      return { version, ...read }
    })
  }

  private save(next: Held<State, Reply>): Effect.Effect<Held<State, Reply>, Refusal> {
    return Effect.gen(this, function*() {
      const { answers, state, version } = next
      const text = yield* Effect.mapError(
        Schema.encode(this.schema)({ state, answers }),
        (error) => unavailable(`its state cannot be written: ${error.message}.`)
      )
      // Whoever is interrupted here, or not answered, reads what was saved after all.
      this.held = undefined
      const isSaved = yield* Effect.mapError(
        this.store.save(this.options.kind, this.name, { version, text }),
        unanswered
      )
      return isSaved ? next : yield* Effect.fail(unavailable("another runner has taken it over."))
    })
  }
}
