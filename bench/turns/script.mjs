// The same conversation in direct style.
import { Framing, Protocol } from "effect-switchboard"

export default Protocol.conversation({
  name: "script",
  framing: Framing.line,
  *talk(session) {
    for (let heard = 0;; heard++) {
      const text = yield* session.hear
      yield* session.say(text)
    }
  }
})
