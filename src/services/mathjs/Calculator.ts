/**
 * One process with mathjs in it, which answers one expression after the other.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type ChildProcess, spawn } from "node:child_process"
import { program, type Reply, type Settings } from "./program.js"

/** The process ended before it answered: out of memory, most likely. */
export class Lost extends Data.TaggedError("Lost")<{ readonly cause: unknown }> {}

/** The process had ended before it was asked. */
export class Gone extends Data.TaggedError("Gone") {}

export interface Calculator {
  /** Not to be asked again before it has answered, nor if it was not heard out. */
  readonly ask: (expression: string) => Effect.Effect<Reply, Lost | Gone>
}

const start = (settings: Settings, heap: number): ChildProcess =>
  spawn(
    process.execPath,
    [`--max-old-space-size=${heap}`, "--input-type=commonjs", "--eval", program, JSON.stringify(settings)],
    // Nothing of this process is for expressions to see; and of V8's last words only that they were said matters.
    { env: {}, stdio: ["ignore", "ignore", "ignore", "ipc"], windowsHide: true }
  )

/** The next message from a process, or its end. */
const message = <A>(child: ChildProcess, ask: () => void): Effect.Effect<A, Lost> =>
  Effect.async((resume) => {
    const end = (result: Effect.Effect<A, Lost>): void => {
      child.off("message", heard).off("error", lost).off("exit", lost)
      resume(result)
    }
    const heard = (value: unknown): void => end(Effect.succeed(value as A))
    const lost = (cause: unknown): void => end(Effect.fail(new Lost({ cause })))
    child.on("message", heard).on("error", lost).on("exit", lost)
    ask()
    return Effect.sync(() => end(Effect.interrupt))
  })

const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null

const kill = (child: ChildProcess): Effect.Effect<void> =>
  Effect.async((resume) => {
    if (hasEnded(child)) return resume(Effect.void)
    child.once("exit", () => resume(Effect.void))
    child.kill("SIGKILL")
  })

/** Ready to be asked. The process ends with the scope. */
export const make = (settings: Settings, heap: number): Effect.Effect<Calculator, Lost, Scope.Scope> =>
  Effect.acquireRelease(
    // An error that comes while no one waits is followed by the process's end.
    Effect.sync(() => start(settings, heap).on("error", () => {})),
    kill
  ).pipe(
    Effect.tap((child) => message(child, () => {})),
    Effect.map((child) => ({
      ask: (expression) =>
        Effect.suspend((): Effect.Effect<Reply, Lost | Gone> =>
          hasEnded(child) ? Effect.fail(new Gone()) : message(child, () => child.send(expression))
        )
    }))
  )
