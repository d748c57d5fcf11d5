/** Where pictures of text are shown: a terminal, where one is drawn over the other, or a pipe, which gets only the last. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { WriteStream } from "node:tty"
import { Drawing } from "./Drawing.js"
import { columnsOf, isDrawable } from "./terminal.js"

export class Screen extends Context.Tag("effect-switchboard/Screen")<Screen, {
  /** Whether colours are wanted: not in a pipe, nor where `NO_COLOR` is set. */
  readonly isColorful: boolean
  /** How wide a picture may be now; 80 in a pipe. */
  readonly columns: Effect.Effect<number>
  /** Shows a picture in the place of the last one drawn. In a pipe: nothing. */
  readonly draw: (picture: string) => Effect.Effect<void>
  /** Shows a picture in the place of the last one drawn, for good: what comes next stands below it. */
  readonly keep: (picture: string) => Effect.Effect<void>
}>() {}

/** Also a terminal on which nothing can be drawn over the other. */
const pipe = (stdout: NodeJS.WriteStream): typeof Screen.Service => ({
  isColorful: false,
  columns: Effect.sync(() => Math.min(columnsOf(stdout), 80)),
  draw: () => Effect.void,
  keep: (picture) => Effect.sync(() => stdout.write(`${picture}\n`))
})

const terminal = (stdout: WriteStream) =>
  Effect.gen(function*() {
    const drawing = yield* Effect.acquireRelease(
      Effect.sync(() => new Drawing(stdout)),
      (drawing) => Effect.sync(() => drawing.done())
    )
    // Ctrl+Z: the shell has its cursor back. After `fg`, pictures go on below.
    const suspend = (): void => {
      drawing.done()
      process.kill(process.pid, "SIGSTOP")
    }
    yield* Effect.acquireRelease(
      Effect.sync(() => process.on("SIGTSTP", suspend)),
      () => Effect.sync(() => process.off("SIGTSTP", suspend))
    )
    return Screen.of({
      isColorful: stdout.hasColors(),
      columns: Effect.sync(() => columnsOf(stdout)),
      draw: (picture) => Effect.sync(() => drawing.draw(picture)),
      keep: (picture) =>
        Effect.sync(() => {
          drawing.clear()
          stdout.write(`${picture}\n`)
        })
    })
  })

/** Stdout. The cursor, which is hidden while pictures are drawn, comes back whichever way the scope closes. */
export const layer: Layer.Layer<Screen> = Layer.scoped(
  Screen,
  Effect.suspend(() => isDrawable(process.stdout) ? terminal(process.stdout) : Effect.succeed(pipe(process.stdout)))
)
