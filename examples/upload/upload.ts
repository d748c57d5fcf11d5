// Uploads of any size in the memory of a piece: `put SIZE` and the bytes, `tail N` for the last lines of what came.
import { Stream } from "effect"
import { Framing, Protocol } from "effect-switchboard"
import { createHash } from "node:crypto"
import { Recent } from "./Recent.js"

/** Lines of any bytes. */
const lines = Framing.delimited("\n", { encoding: "latin1" })

export const upload: Protocol.TextProtocol<never, Recent> = Protocol.conversation({
  name: "upload",
  framing: lines,
  *talk(session) {
    const recent = yield* Recent
    for (;;) {
      const [, verb, digits] = /^(put|tail) (\d{1,15})\r?$/.exec(yield* session.hear) ?? []
      if (verb === "put") {
        const size = Number(digits)
        const hash = createHash("sha256")
        const content = yield* session.reframe(Framing.pieces(size))
        for (let left = size; left > 0;) {
          const piece = yield* content.hear
          hash.update(piece)
          recent.add(piece)
          left -= piece.length
        }
        yield* content.reframe(lines)
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
