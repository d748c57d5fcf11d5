import type { Limits, Model, ServerEvent } from "effect-switchboard"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"

/** What a server's process says of itself. */
export interface Facts {
  /** How many of each event there were; `Closed` with its reason. */
  readonly counts: Readonly<Record<string, number>>
  /** Connections being served, and sockets that there are. */
  readonly open: number
  readonly sockets: number
  readonly descriptors: number
  /** Bytes read from the sockets that there are, bytes written to them, and those of them that the kernel has not taken. */
  readonly taken: number
  readonly given: number
  readonly unsent: number
  /** Bytes in use after a collection; and the most that was ever resident. */
  readonly held: number
  readonly peak: number
  /** Milliseconds of CPU time used until now. */
  readonly cpu: number
}

/** An event, and when it came, in milliseconds of a clock of the process. */
export interface Notice {
  readonly event: ServerEvent.ServerEvent
  readonly at: number
}

type Message = Notice | { readonly listening: number } | { readonly id: number; readonly answer: unknown }

export interface ServerProcess {
  readonly pid: number
  readonly port: number
  readonly facts: Effect.Effect<Facts>
  /** Waits until so many of an event have happened, or so many connections are open. */
  readonly until: (
    condition: { readonly event: string; readonly times: number } | { readonly open: number }
  ) => Effect.Effect<Facts>
  /** Asks again and again until the sockets have stood still for a hundred answers: over loopback, what is sent arrives between two. */
  readonly atRest: Effect.Effect<Facts>
  /** Lets the protocol `stuck` answer. */
  readonly release: Effect.Effect<void>
  /** CPU milliseconds used during so many milliseconds. */
  readonly watch: (time: number) => Effect.Effect<number>
  /** Takes every descriptor the process may still have; and gives them back. */
  readonly hoard: Effect.Effect<number>
  readonly unhoard: Effect.Effect<void>
  readonly bind: (port: number, times: number) => Effect.Effect<ReadonlyArray<unknown>>
  /** The events about descriptors until now. */
  readonly notices: ReadonlyArray<Notice>
  /** Whatever it wrote to stderr. */
  readonly stderr: () => string
}

export interface Settings extends Limits.Options {
  readonly model: keyof typeof Model.all
  readonly protocol: "calc" | "echo" | "lines" | "stuck" | "much"
  /** What its clients come by. Default: TCP. */
  readonly wire?: "tcp" | "tls" | "webSocket"
  /** The limit on descriptors. Default: as high as it may be. */
  readonly descriptors?: number
  /** Whether it is to have no rights of an administrator. Default: those of whoever runs the tests. */
  readonly unprivileged?: boolean
}

const script = fileURLToPath(new URL("../../fixtures/servers/server.mjs", import.meta.url))

/** Starts a server in a process of its own, from dist/, with `flags` for Node; it ends with the scope. */
export const start = (
  settings: Settings,
  flags: ReadonlyArray<string> = []
): Effect.Effect<ServerProcess, never, Scope.Scope> =>
  Effect.gen(function*() {
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        fork(script, [JSON.stringify(settings)], {
          execArgv: ["--expose-gc", ...flags],
          stdio: ["ignore", "ignore", "pipe", "ipc"]
        })
      ),
      (child) => Effect.promise(() => ended(child))
    )
    let stderr = ""
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      stderr += text
    })
    const notices: Array<Notice> = []
    const asked = new Map<number, (answer: Effect.Effect<never> | { readonly answer: unknown }) => void>()
    let questions = 0
    const ask = <A>(question: string, details: object = {}): Effect.Effect<A> =>
      Effect.async<A>((resume) => {
        const id = questions++
        asked.set(id, (reply) => resume("answer" in reply ? Effect.succeed(reply.answer as A) : reply))
        child.send({ id, question, ...details })
      })
    const listening = yield* Effect.async<number>((resume) => {
      child.once("exit", (code, signal) => {
        const gone = Effect.die(new Error(`the server ended by itself: ${signal ?? code}\n${stderr}`))
        for (const answered of [resume, ...asked.values()]) answered(gone)
      })
      child.on("message", (message: Message) => {
        if ("listening" in message) {
          resume(Effect.succeed(message.listening))
        } else if ("event" in message) {
          notices.push(message)
        } else {
          asked.get(message.id)!(message)
          asked.delete(message.id)
        }
      })
    })
    const facts = ask<Facts>("facts")
    const traffic = ask<Pick<Facts, "taken" | "given" | "unsent">>("traffic")
    return {
      pid: child.pid!,
      port: listening,
      facts,
      until: (condition) => ask("until", condition),
      atRest: Effect.gen(function*() {
        let last = yield* traffic
        for (let same = 0; same < 100;) {
          const next = yield* traffic
          const { given, taken, unsent } = next
          same = taken === last.taken && given === last.given && unsent === last.unsent ? same + 1 : 0
          last = next
        }
        return yield* facts
      }),
      release: ask("release"),
      watch: (time) => ask("watch", { time }),
      hoard: ask("hoard"),
      unhoard: ask("unhoard"),
      bind: (port, times) => ask("bind", { port, times }),
      notices,
      stderr: () => stderr
    }
  })

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.removeAllListeners("exit").once("exit", () => resolve())
    child.kill("SIGKILL")
  })
