// A turn that asks a service.
import { Framing, Protocol } from "effect-switchboard"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

const Answers = Context.GenericTag("bench/Answers")

export const services = Context.make(Answers, { to: (text) => text })

export default Protocol.requestReply({
  name: "gen",
  framing: Framing.line,
  reply: (text) =>
    Effect.gen(function*() {
      const answers = yield* Answers
      return answers.to(text)
    })
})
