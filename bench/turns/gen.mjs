// A turn that asks a service.
import { Framing, Protocol } from "effect-switchboard"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

const Answers = Context.GenericTag("bench/Answers")

const protocol = Protocol.requestReply({
  name: "gen",
  framing: Framing.line,
  reply: (text) =>
    Effect.gen(function*() {
      const answers = yield* Answers
      return answers.to(text)
    })
})

export default Protocol.provide(protocol, Context.make(Answers, { to: (text) => text }))
