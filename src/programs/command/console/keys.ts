import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type { ReadStream } from "node:tty"
import { onResume, suspend } from "./jobControl.js"

const interrupt = "\x03"
const stop = "\x1a"

/** The keys that are pressed, at once and without Enter. The terminal is given back as it was when the scope closes. */
export const keys = (terminal: ReadStream): Effect.Effect<Effect.Effect<string>, never, Scope.Scope> =>
  Effect.gen(function*() {
    const pressed = yield* Queue.unbounded<string>()
    const onData = (bytes: Buffer): void => {
      for (const key of bytes.toString()) {
        if (key === interrupt) process.kill(process.pid, "SIGINT")
        else if (key === stop) suspend(terminal)
        else pressed.unsafeOffer(key)
      }
    }
    yield* Effect.acquireRelease(
      Effect.sync(() => {
        terminal.setRawMode(true)
        terminal.on("data", onData)
        return onResume(terminal, () => {})
      }),
      (forget) =>
        Effect.sync(() => {
          forget()
          terminal.off("data", onData)
          terminal.setRawMode(false)
          terminal.pause()
        })
    )
    return Queue.take(pressed)
  })
