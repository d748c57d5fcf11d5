import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Switchboard from "./Switchboard.js"

const signals = [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const

describe("A command that is stopped before it is done", () => {
  it.scopedLive.each(signals)(
    "by %s, while it waits for more to send, ends with %i",
    ([signal, code]) =>
      Effect.gen(function*() {
        const server = yield* Switchboard.serve(["select"])
        const connect = yield* Switchboard.start(["connect", "calc", "--port", `${server.port}`])
        yield* server.stderr.find(/event=accepted/)
        connect.child.kill(signal)
        expect(yield* connect.exit).toEqual({ code, signal: null })
        expect(connect.stderr.text).toBe("")
      })
  )

  it.scopedLive.each(signals)("by %s, while it tries again, ends with %i", ([signal, code]) =>
    Effect.gen(function*() {
      const connect = yield* Switchboard.start(["connect", "calc", "1", "--port", "1", "--retry", "20"])
      yield* connect.stderr.find(/Trying again/)
      connect.child.kill(signal)
      expect(yield* connect.exit).toEqual({ code, signal: null })
    }))
})
