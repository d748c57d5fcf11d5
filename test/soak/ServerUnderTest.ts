/** The built command, and what is done to it: stopped and let go on, its clock moved, looked into, ended. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { readdirSync, readFileSync } from "node:fs"
import * as faketime from "../behaviours/support/faketime.js"
import type { Exit } from "../cli/Switchboard.js"
import * as Switchboard from "../cli/Switchboard.js"
import type { Case } from "./Case.js"
import { serveArguments } from "./Case.js"
import { Stopwatch } from "./Stopwatch.js"

/** A line of the log. */
export interface Entry {
  readonly event?: string
  readonly peer?: string
  readonly level: string
  readonly message: string
  readonly open?: number
  readonly cut?: number
}

export interface ServerUnderTest {
  readonly port: number
  readonly watch: Stopwatch
  /** Stops the process for so many milliseconds. */
  readonly stop: (milliseconds: number) => Effect.Effect<void>
  /** Sets its wall clock to so many seconds beside the right time. */
  readonly stepClock: (seconds: number) => Effect.Effect<void>
  /** Bytes in use after a collection. */
  readonly held: Effect.Effect<number>
  readonly descriptors: () => number
  /** The most memory that it ever had, in bytes; 0 once it is over. */
  readonly peak: () => number
  readonly isOver: () => boolean
  readonly terminate: Effect.Effect<void>
  readonly exit: Effect.Effect<Exit>
  readonly log: () => ReadonlyArray<Entry>
}

const probe = new URL("../../test/soak/probe.mjs", import.meta.url).href

/** That is many times what it takes. */
const toStart = "20 seconds"

export const start = (play: Case): Effect.Effect<ServerUnderTest, never, Scope.Scope> =>
  Effect.gen(function*() {
    const clock = yield* faketime.make(1)
    const server = yield* Effect.timeout(
      Switchboard.serve([...serveArguments(play), "--log-format", "json"], {
        env: { ...clock.env, NODE_OPTIONS: `--import ${probe}` }
      }),
      toStart
    ).pipe(Effect.orDieWith(() => new Error(`The server does not listen: ${serveArguments(play).join(" ")}`)))
    const pid = server.child.pid!
    const watch = new Stopwatch(pid)
    const isOver = (): boolean => server.child.exitCode !== null || server.child.signalCode !== null
    let asked = 0
    return {
      port: server.port,
      watch,
      stop: (milliseconds) =>
        Effect.acquireUseRelease(
          Effect.sync(() => {
            watch.stop()
            server.child.kill("SIGSTOP")
          }),
          () => Effect.sleep(milliseconds),
          () =>
            Effect.sync(() => {
              server.child.kill("SIGCONT")
              watch.go()
            })
        ),
      stepClock: clock.set,
      held: Effect.suspend(() => {
        server.child.kill("SIGUSR2")
        return Effect.map(
          server.stdout.find(new RegExp(`^held ${++asked} (\\d+)\n`, "m")),
          ([, bytes]) => Number(bytes)
        )
      }),
      descriptors: () => readdirSync(`/proc/${pid}/fd`).length,
      peak: () => {
        if (isOver()) return 0
        return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024
      },
      isOver,
      terminate: Effect.sync(() => void server.child.kill("SIGTERM")),
      exit: server.exit,
      log: () => server.stderr.text.split("\n").filter((line) => line !== "").map(entryOf)
    }
  })

/** A line that is no entry is one of those that ought not to be: they are kept for the report. */
const entryOf = (line: string): Entry => {
  try {
    const { annotations, logLevel, message } = JSON.parse(line) as {
      readonly annotations: object
      readonly logLevel: string
      readonly message: string
    }
    return { ...annotations, level: logLevel, message }
  } catch {
    return { level: "none", message: line }
  }
}
