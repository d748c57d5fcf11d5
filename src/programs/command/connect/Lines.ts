import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { fstatSync } from "node:fs"
import type { Readable } from "node:stream"
import { line } from "../../../domain/framing/Line.js"
import { Bell } from "../../stream/Bell.js"
import { Inbox } from "../../stream/Inbox.js"
import { UsageError } from "../arguments/UsageError.js"

/** Bytes of the longest line that is sent. */
const maxLine = 1_048_576

/** On a line of its own, it disconnects. */
export const exit = "exit"

/** The messages to send, one after the other; undefined when there are no more. */
export interface Lines {
  readonly next: Effect.Effect<string | undefined, UsageError>
  /** One that was taken has been answered. */
  readonly answered?: () => void
}

export const fromMessages = (messages: ReadonlyArray<string>): Lines => {
  const iterator = messages[Symbol.iterator]()
  return {
    next: Effect.sync(() => {
      const { done, value } = iterator.next()
      return done === true ? undefined : value
    })
  }
}

/** The lines before `exit`. */
export const untilExit = ({ next }: Lines): Lines => ({
  next: Effect.map(next, (line) => line === exit ? undefined : line)
})

/** The lines of standard input. */
export const fromStdin: Effect.Effect<Lines, UsageError, Scope.Scope> = Effect.suspend(() =>
  // Node takes a directory for an input without anything in it.
  fstatSync(0).isDirectory()
    ? new UsageError({ message: "The input is a directory: give a file, or a pipe." })
    : fromStream(process.stdin)
)

/** The lines of a stream. It is read no further than they are taken. */
export const fromStream = (stream: Readable): Effect.Effect<Lines, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => {
        const inbox = new Inbox(stream, line.open(maxLine))
        const bell = new Bell()
        const end = (): void => {
          inbox.end()
          bell.ring()
        }
        stream.on("data", (chunk: Buffer) => {
          inbox.push(chunk)
          bell.ring()
        })
        stream.on("end", end)
        stream.on("error", end)
        return { inbox, bell }
      }),
      () => Effect.sync(() => stream.destroy())
    ),
    ({ bell, inbox }) => {
      let taken = 0
      const next: Lines["next"] = Effect.suspend(() => {
        const text = inbox.next()
        if (text !== undefined) {
          taken++
          return Effect.succeed(text)
        }
        const { error } = inbox
        if (error !== undefined) {
          return new UsageError({ message: `Line ${taken + 1} of the input cannot be sent: ${error.message}.` })
        }
        if (!inbox.isDone) return Effect.zipRight(bell.wait, next)
        // What could be read before it failed is sent.
        return stream.errored === null
          ? Effect.succeed(undefined)
          : new UsageError({ message: `The input cannot be read: ${stream.errored.message}.` })
      })
      return { next }
    }
  )
