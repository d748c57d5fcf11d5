import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { withPlace } from "../../../../src/programs/command/connect/place.js"

const chosen = <A>(value: A, source: string) => ({ name: "", value, text: String(value), source })
const host = chosen("127.0.0.1", "default")
const port = chosen(1234, "SWITCHBOARD_PORT")

describe("withPlace", () => {
  it.effect("has the place before the protocol and the messages, whatever the environment says", () =>
    Effect.gen(function*() {
      expect(yield* withPlace({ protocol: "[::1]:80", messages: ["echo", "a", "b"] }, host, port, "calc"))
        .toEqual({ host: "::1", port: 80, protocol: "echo", messages: ["a", "b"] })
      expect(yield* withPlace({ protocol: "localhost:80", messages: [] }, host, port, "calc"))
        .toEqual({ host: "localhost", port: 80, protocol: "calc", messages: [] })
      expect(yield* withPlace({ protocol: "echo", messages: ["localhost:80"] }, host, port, "calc"))
        .toEqual({ host: "127.0.0.1", port: 1234, protocol: "echo", messages: ["localhost:80"] })
    }))

  it.effect("refuses a place that is said twice, and one that cannot be", () =>
    Effect.gen(function*() {
      const words = { protocol: "localhost:80", messages: [] }
      expect((yield* Effect.flip(withPlace(words, host, chosen(80, "--port"), "calc"))).message).toBe(
        "--port says once more what localhost:80 says: leave out one of them."
      )
      expect((yield* Effect.flip(withPlace({ ...words, protocol: "localhost:70000" }, host, port, "calc"))).message)
        .toBe(
          "localhost:70000 is no place: a port is a number from 0 to 65535."
        )
    }))
})
