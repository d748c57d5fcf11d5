import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Framing from "../../src/domain/Framing.js"
import * as Protocol from "../../src/domain/Protocol.js"
import * as Session from "../../src/domain/Session.js"

const shout = Protocol.requestReply({
  name: "shout",
  framing: Framing.auto,
  reply: (text: string) => text === "no" ? Effect.fail("refused" as const) : Effect.succeed(text.toUpperCase())
})
const session = Session.detached({ host: "127.0.0.1", port: 1 })

describe("Protocol", () => {
  it("is known from other values", () => {
    expect(Protocol.isProtocol(shout)).toBe(true)
    for (const other of [undefined, null, 1, "shout", {}, () => shout, { name: "shout", framing: Framing.auto }]) {
      expect(Protocol.isProtocol(other)).toBe(false)
    }
  })

  it.effect("of request and reply says nothing first, and one reply for each message", () =>
    Effect.gen(function*() {
      expect((yield* shout.machine.open(session)).send).toBeUndefined()
      const turn = yield* shout.machine.receive(undefined, "hey")
      expect(turn.send).toEqual(["HEY"])
      expect(turn.close).toBeUndefined()
      expect(turn.wake).toBeUndefined()
      expect(yield* Effect.flip(shout.machine.receive(undefined, "no"))).toBe("refused")
    }))

  it("is the same protocol in another framing", () => {
    const lines = Protocol.withFraming(shout, Framing.line)
    expect(lines.name).toBe("shout")
    expect(lines.framing).toBe(Framing.line)
    expect(lines.machine.framing).toBe(Framing.line)
    expect(lines.machine.receive).toBe(shout.machine.receive)
    expect(shout.framing).toBe(Framing.auto)
    expect(Protocol.withFraming(Framing.line)(shout)).toEqual(lines)
  })
})
