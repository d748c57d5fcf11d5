// Uploads of any size in the memory of a piece: `put SIZE` and the bytes, `tail N` for the last lines of what came.
import { Stream } from "effect"
import { Framing, Protocol } from "effect-switchboard"
import { createHash } from "node:crypto"
import { pieces } from "./pieces.js"
import { Recent } from "./Recent.js"

/** A command, or a piece of what is uploaded. */
type Message = string | Uint8Array

/** Lines of any bytes. */
const lines: Framing.Framing<Message, string> = Framing.delimited("\n", { encoding: "latin1" })

export const upload: Protocol.Protocol<Message, string, never, Recent> = Protocol.conversation({
  name: "upload",
  framing: lines,
  *talk(session) {
    const recent = yield* Recent
    for (;;) {
      const [, verb, digits] = /^(put|tail) (\d{1,15})\r?$/.exec(String(yield* session.hear)) ?? []
      if (verb === "put") {
        const size = Number(digits)
        const hash = createHash("sha256")
        yield* session.reframe(pieces(size))
        for (let left = size; left > 0;) {
          const piece = (yield* session.hear) as Uint8Array
          hash.update(piece)
          recent.add(piece)
          left -= piece.length
        }
        yield* session.reframe(lines)
        yield* session.say(`${hash.digest("hex")} ${size}`)
      } else if (verb === "tail") {
        const { count, lines } = recent.last(Number(digits))
        yield* session.say(`${count} lines`)
        yield* session.sayAll(Stream.fromIterable(lines))
      } else {
        yield* session.say("Say put SIZE, and then so many bytes; or tail N.")
      }
    }
  }
})
