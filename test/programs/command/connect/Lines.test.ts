import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { PassThrough } from "node:stream"
import * as Lines from "../../../../src/programs/command/connect/Lines.js"

it.scoped("Lines that cannot be read to their end are sent as far as they could be, and then it is said", () =>
  Effect.gen(function*() {
    const stream = new PassThrough()
    const lines = yield* Lines.fromStream(stream)
    stream.write("1 + 1\n")
    expect(yield* lines.next).toBe("1 + 1")
    stream.destroy(new Error("EIO: i/o error, read"))
    const { message } = yield* Effect.flip(lines.next)
    expect(message).toBe("The input cannot be read: EIO: i/o error, read.")
  }))
