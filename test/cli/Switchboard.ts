/** The built command, as another process. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ChildProcessWithoutNullStreams } from "node:child_process"
import { spawn } from "node:child_process"
import { tmpdir } from "node:os"
import { fileURLToPath } from "node:url"
import { Output } from "./Output.js"

export const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url))

export interface Options {
  /** The file to run. Default: what the build made. */
  readonly file?: string | undefined
  /** Default: a folder without settings. */
  readonly cwd?: string | undefined
  /** Whether it is given a terminal, on which its stderr stands in its stdout. Default: false. */
  readonly isTerminal?: boolean | undefined
  /** A line of bash that runs it, given the command that does. Default: no shell. */
  readonly shell?: ((command: string) => string) | undefined
  /** Over an environment that says nothing of the command, of colours or of a home with settings. */
  readonly env?: Readonly<Record<string, string>> | undefined
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** `script`, of util-linux, gives a program a terminal. */
const commandLine = (
  words: ReadonlyArray<string>,
  { isTerminal = false, shell }: Options
): [program: string, args: Array<string>] => {
  if (isTerminal) return ["script", ["-qec", words.join(" "), "/dev/null"]]
  return shell === undefined ? [words[0]!, words.slice(1)] : ["bash", ["-c", shell(words.join(" "))]]
}

export interface Switchboard {
  readonly child: ChildProcessWithoutNullStreams
  readonly stdout: Output
  readonly stderr: Output
  readonly exit: Effect.Effect<Exit>
}

/** Starts the command; it is killed with the scope, if it still runs. */
export const start = (
  args: ReadonlyArray<string>,
  options: Options = {}
): Effect.Effect<Switchboard, never, Scope.Scope> =>
  Effect.gen(function*() {
    const { cwd = tmpdir(), env = {}, file = main } = options
    const exited = yield* Deferred.make<Exit>()
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        spawn(...commandLine([process.execPath, file, ...args], options), {
          cwd,
          env: { PATH: process.env["PATH"], HOME: "/nonexistent", XDG_CONFIG_HOME: "/nonexistent", ...env }
        })
      ),
      (child) => Effect.sync(() => child.kill("SIGKILL"))
    )
    // One that has ended reads no more.
    child.stdin.on("error", () => {})
    child.on("close", (code, signal) => Deferred.unsafeDone(exited, Effect.succeed({ code, signal })))
    return { child, stdout: new Output(child.stdout), stderr: new Output(child.stderr), exit: Deferred.await(exited) }
  })

/** Runs the command to its end, with that text as its standard input. */
export const run = (
  args: ReadonlyArray<string>,
  options: Options & { readonly stdin?: string } = {}
): Effect.Effect<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> =>
  Effect.scoped(Effect.gen(function*() {
    const { child, exit, stderr, stdout } = yield* start(args, options)
    child.stdin.end(options.stdin ?? "")
    const { code } = yield* exit
    return { code, stdout: stdout.text, stderr: stderr.text }
  }))

/** Starts a server at a free port, and waits until it listens. */
export const serve = (
  args: ReadonlyArray<string>,
  options: Options = {}
): Effect.Effect<Switchboard & { readonly port: number }, never, Scope.Scope> =>
  Effect.gen(function*() {
    const server = yield* start(["serve", ...args, "--port", "0"], options)
    const [, port] = yield* server.stdout.find(/^listening on tcp:\/\/.*:(\d+) \(.*\)\r?\n/)
    return { ...server, port: Number(port) }
  })
