import type { Sharding } from "@effect/cluster"
import { Effect, Schema } from "effect"
import { Evaluator, Framing, Protocol } from "effect-switchboard"
import { Sessions } from "effect-switchboard/cluster"

/** A name is given a value, as in `x = 3`. */
const assignment = /^\s*([A-Za-z_]\w*)\s*=(?!=)(.*)$/

/** Names, and the strings in which nothing is one. */
const names = /'[^']*'|"[^"]*"|(?<![\w.])[A-Za-z_]\w*/g

/** The calculator's sessions: each knows the values of its variables, by name. */
export const Variables = Sessions.make({
  kind: "variables",
  state: Schema.Record({ key: Schema.String, value: Schema.String }),
  request: Schema.String,
  reply: Schema.String,
  initial: {},
  receive: (known, line) =>
    Effect.gen(function*() {
      const [, name, value] = assignment.exec(line) ?? []
      const expression = (value ?? line).replace(
        names,
        (word) => Object.hasOwn(known, word) ? `(${known[word]})` : word
      )
      const { evaluate } = yield* Evaluator.Evaluator
      return yield* Effect.match(evaluate(expression), {
        onFailure: (error) => [`INVALID STATEMENT: ${error.message}`, known] as const,
        // What asks only leaves the state as it is, and costs the store nothing.
        onSuccess: (answer) => [answer, name === undefined ? known : { ...known, [name]: answer }] as const
      })
    })
})

/** A client's first line names a session; each one behind it is answered by that session, whichever front is asked. */
export const variables: Effect.Effect<Protocol.TextProtocol, never, Sharding.Sharding> = Effect.map(
  Variables.client(),
  (ask) =>
    Protocol.conversation({
      name: "variables",
      framing: Framing.line,
      *talk(session: Protocol.Talk<string, string>) {
        const name = yield* session.ask("Which session?")
        for (;;) {
          const line = yield* session.hear
          yield* session.say(yield* Effect.catchAll(ask(name, line), ({ message }) => Effect.succeed(message)))
        }
      }
    })
)
