/** `connect` on a terminal: a line to type, and its reply below it. */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import pc from "picocolors"
import { format } from "../../../../domain/Address.js"
import type { ConnectError } from "../../../../domain/NetworkError.js"
import type { Connector } from "../../../../services/Connector.js"
import * as Client from "../../../client/Client.js"
import type { Asking } from "../namedClient.js"
import { json, printable, unasked } from "../outcomes.js"
import type { Retry } from "../retry.js"
import type { Asker, Outcome } from "../talk.js"
import { trace } from "../trace.js"
import { commandOf, greeting, help } from "./commands.js"
import { complete } from "./completion.js"
import { History } from "./History.js"
import * as Terminal from "./Terminal.js"

/** Who has had to wait this long for the first word of a server is told why that may be; `serve --delay 1s` is no reason. */
const patience = "1500 millis"
const turn = "No answer yet: if one client is served at a time, this one waits its turn."

/** Loaded when they are first asked for: the calculator is large. */
const expressionNames = () => import("./expressionNames.js").then(({ expressionNames }) => expressionNames)

/** How a person without a connection goes on. */
const offer = "Enter connects again, Ctrl+D leaves."

export interface Options extends Client.Options {
  readonly json: boolean
  readonly mode: "user" | "debug"
  readonly retry: Retry
}

/** Runs until the person leaves. Fails if the server refuses before it has said anything. */
export const run = (
  protocol: Asking,
  options: Options
): Effect.Effect<void, ConnectError | Client.Disconnected, Connector> =>
  Effect.gen(function*() {
    const history = new History(protocol.name)
    const isExpression = protocol.name === "calc"
    const terminal = yield* Terminal.make(
      process.stdin,
      process.stdout,
      history.lines,
      async (line, earlier) => complete(line, isExpression ? await expressionNames() : [], earlier)
    )
    let client: Asker | undefined = undefined
    let scope: Scope.CloseableScope | undefined = undefined
    /** Whether the server has said anything since it was connected to. */
    let isServed = false
    let isTimed = false
    let isKept = true

    const prompt = (): string =>
      client === undefined
        ? `${protocol.name} ${pc.red("not connected")}> `
        : `${protocol.name} ${pc.cyan(format(client.address))}> `

    const hangUp = Effect.suspend(() => {
      const last = scope
      client = scope = undefined
      return last === undefined ? Effect.void : Scope.close(last, Exit.void)
    })
    yield* Effect.addFinalizer(() => hangUp)

    /** Connects, and says at once when the server has gone, unless it refused: then `refuse` may have its way. */
    const connectOr = (
      refuse: ((error: Client.Disconnected) => Effect.Effect<unknown>) | undefined
    ) =>
      Effect.gen(function*() {
        yield* hangUp
        const own = scope = yield* Scope.make()
        const connected = client = yield* Scope.extend(Client.make(protocol, { ...options, late: "receive" }), own)
        isServed = false
        // What a server says of itself, such as a greeting, and what it says late.
        const listen = Effect.forever(Effect.matchEffect(connected.receive, {
          onSuccess: (message) =>
            Effect.sync(() => {
              isServed = true
              terminal.say(options.json ? unasked(message) : `< ${pc.bold(printable(message))}`)
            }),
          onFailure: (error) =>
            error._tag === "Rejection"
              ? Effect.sync(() => terminal.say(`< ${pc.red(printable(error.reply ?? error.message))}`))
              : Effect.fail(error)
        }))
        // How that ends is said by the other.
        yield* Effect.forkIn(Effect.ignore(listen), own)
        yield* Effect.forkIn(
          Effect.flatMap(connected.disconnected, (error) => {
            client = undefined
            if (refuse !== undefined && error._tag === "ConnectionRefused") return refuse(error)
            terminal.change(prompt())
            terminal.say(`${pc.red(error.message)} ${offer}`)
            return Effect.void
          }),
          own
        )
      })

    const reconnect = Effect.matchEffect(connectOr(undefined), {
      onSuccess: () => Effect.sync(() => terminal.say(pc.dim("Connected."))),
      onFailure: (error) =>
        Effect.zipRight(hangUp, Effect.sync(() => terminal.say(`${pc.red(error.message)} ${offer}`)))
    })

    const toggleTime = Effect.sync(() => {
      isTimed = !isTimed
      terminal.say(pc.dim(isTimed ? "Round trips are shown." : "Round trips are no longer shown."))
    })

    const remember = (line: string): void => {
      if (!isKept) return
      const error = history.add(line)
      isKept = error === undefined
      if (error !== undefined) terminal.say(pc.dim(`What is typed cannot be kept for later: ${error.message}`))
    }

    /** A caret under the place where an expression stops being one. */
    const caret = (expression: string) =>
      Effect.gen(function*() {
        const { faultOffset } = yield* Effect.promise(() => import("./faultOffset.js"))
        const offset = faultOffset(expression)
        if (offset !== undefined) terminal.point(expression, offset, pc.red("^"))
      })

    const tell = (outcome: Outcome): Effect.Effect<void> => {
      const { error, milliseconds, reply, request } = outcome
      const time = isTimed ? pc.dim(`  (${milliseconds.toFixed(2)} ms)`) : ""
      if (options.json) return Effect.sync(() => terminal.say(json(outcome)))
      if (error === undefined) return Effect.sync(() => terminal.say(`< ${pc.bold(printable(reply))}${time}`))
      const words = `< ${pc.red(printable(reply ?? error.message))}${time}`
      const said = Effect.sync(() => terminal.say(words))
      return isExpression && error._tag === "Rejection" ? Effect.zipRight(caret(request), said) : said
    }

    const send = (connected: Asker, request: string): Effect.Effect<void> =>
      Effect.gen(function*() {
        const sentAt = yield* Clock.currentTimeNanos
        const waits = Effect.delay(Effect.sync(() => terminal.say(pc.dim(turn))), patience)
        const result = yield* Effect.scoped(Effect.zipRight(
          isServed ? Effect.void : Effect.forkScoped(waits),
          Effect.either(connected.ask(request))
        ))
        const milliseconds = Number((yield* Clock.currentTimeNanos) - sentAt) / 1e6
        if (result._tag === "Right") {
          isServed = true
          yield* tell({ request, reply: result.right, error: undefined, milliseconds })
          return
        }
        const error = result.left
        switch (error._tag) {
          case "Rejection":
            yield* tell({ request, reply: error.reply, error, milliseconds })
            break
          case "ReplyTimeout":
          case "UnsendableMessage":
            yield* tell({ request, reply: undefined, error, milliseconds })
            break
          case "FrameTooLong":
          case "InvalidFrame":
          case "InvalidText":
          case "InvalidMessage":
            yield* hangUp
            terminal.say(`${pc.red(`The reply cannot be read: ${error.message}.`)} ${offer}`)
            break
          case "ConnectionRefused":
          case "ConnectionReset":
          case "ConnectionClosed":
          case "Unresponsive":
            // Said already.
            break
        }
      })

    const enter = (line: string): Effect.Effect<void, never, Connector> => {
      if (line.trim() !== "") remember(line)
      switch (commandOf(line)) {
        case "help":
          return Effect.sync(() => terminal.say(help))
        case "time":
          return toggleTime
        case "reconnect":
          return reconnect
        default:
          return Effect.zipRight(
            client === undefined ? reconnect : Effect.void,
            Effect.suspend(() => client === undefined || line.trim() === "" ? Effect.void : send(client, line))
          )
      }
    }

    const converse = Effect.gen(function*() {
      for (;;) {
        terminal.ask(prompt())
        const line = yield* Queue.take(terminal.lines)
        if (line === undefined || commandOf(line) === "leave") return
        yield* enter(line)
      }
    })

    const session = Effect.gen(function*() {
      const refused = yield* Deferred.make<never, Client.Disconnected>()
      yield* connectOr((error) => Deferred.fail(refused, error))
      terminal.say(pc.dim(greeting))
      yield* Effect.raceFirst(converse, Deferred.await(refused))
    })
    yield* Effect.raceFirst(
      options.retry(session, (sentence) => terminal.say(pc.dim(sentence))),
      Deferred.await(terminal.abandoned)
    ).pipe(trace(options.mode, (line) => terminal.say(pc.dim(line))))
  }).pipe(Effect.scoped)
