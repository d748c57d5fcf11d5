// The same chat in direct style: from top to bottom.
import type { Scope } from "effect"
import { Framing, Protocol } from "effect-switchboard"
import { obey, question, refusal, welcome } from "./commands.js"
import type { Said } from "./Hall.js"
import { Hall } from "./Hall.js"

export const script: Protocol.TextProtocol<never, Hall | Scope.Scope> = Protocol.conversation({
  name: "chat",
  framing: Framing.line,
  mailbox: { capacity: 1000, whenFull: "close" },
  *talk(session: Protocol.Talk<string, string, Said>) {
    const hall = yield* Hall
    let guest = yield* hall.enter(session, yield* session.ask(question))
    while (guest === undefined) guest = yield* hall.enter(session, yield* session.ask(refusal))
    yield* session.say(welcome(hall, guest))
    for (;;) {
      const heard = yield* session.hearAny
      if (heard._tag === "Event") {
        yield* session.say(heard.event)
      } else {
        const { quits, replies } = yield* obey(hall, guest, heard.message)
        yield* session.say(...replies)
        if (quits === true) return
      }
    }
  }
})
