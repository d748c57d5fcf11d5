/** A server of this very command, in a process of its own. */
import * as Command from "@effect/platform/Command"
import type { CommandExecutor } from "@effect/platform/CommandExecutor"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { TcpAddress } from "../../../domain/Address.js"

/** The server's process ended before it listened. */
export class ServerFailed extends Data.TaggedError("ServerFailed")<{
  readonly model: string
  readonly reason: string
}> {
  override get message(): string {
    return `The ${this.model} server did not start: ${this.reason}`
  }
}

const listening = /^listening on tcp:\/\/(.+):(\d+) \(/

/** Starts `serve` with these arguments, at a port that is free, and stops it with the scope. */
export const start = (
  model: string,
  args: ReadonlyArray<string>
): Effect.Effect<TcpAddress, ServerFailed, CommandExecutor | Scope.Scope> =>
  Effect.gen(function*() {
    const server = yield* Command.start(
      Command.make(process.execPath, process.argv[1]!, "serve", model, ...args, "--host", "127.0.0.1", "--port", "0")
    )
    // Read to its end: a server whose log nobody reads would wait for a reader.
    const log = yield* server.stderr.pipe(Stream.decodeText(), Stream.splitLines, Stream.runLast, Effect.forkScoped)
    const first = yield* server.stdout.pipe(Stream.decodeText(), Stream.splitLines, Stream.runHead)
    const [, host, port] = listening.exec(Option.getOrElse(first, () => "")) ?? []
    if (host !== undefined) return { host, port: Number(port) }
    const last = yield* Fiber.join(log)
    return yield* new ServerFailed({ model, reason: Option.getOrElse(last, () => "it ended without a word.") })
  }).pipe(
    Effect.catchTags({
      BadArgument: (error) => new ServerFailed({ model, reason: error.message }),
      SystemError: (error) => new ServerFailed({ model, reason: error.message })
    })
  )
