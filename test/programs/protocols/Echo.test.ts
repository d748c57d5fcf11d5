import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Echo from "../../../src/programs/protocols/Echo.js"
import { conversing } from "./conversing.js"

it.effect("echo sends each message back as it came", () =>
  Effect.gen(function*() {
    const echo = yield* conversing(Echo.protocol)
    expect(echo.opened.send).toBeUndefined()
    for (const text of ["22 + 44", "", " a\tb\0", "💡\uFFFD"]) expect((yield* echo.receive(text)).send).toEqual([text])
  }))
