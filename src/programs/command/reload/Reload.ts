/** The command `reload`. */
import * as Effect from "effect/Effect"
import { existsSync, readFileSync } from "node:fs"
import type { Address } from "../../../domain/Address.js"
import { isSupervisor } from "../arguments/processTitle.js"
import * as smallFile from "../arguments/smallFile.js"
import { UsageError } from "../arguments/UsageError.js"
import type { NotReloaded } from "./errors.js"
import { NoSuchServer } from "./errors.js"

export interface Options {
  readonly pid: number | undefined
  readonly admin: Address | undefined
  readonly adminTokenFile: string | undefined
  readonly pidFile: string | undefined
}

const pidOf = ({ pid, pidFile }: Options): Effect.Effect<number, UsageError> => {
  if (pid !== undefined) return Effect.succeed(pid)
  if (pidFile === undefined) {
    return new UsageError({
      message: "reload needs to know which server: give --admin or --pid-file, as the server has it, or --pid N."
    })
  }
  return Effect.flatMap(
    Effect.mapError(
      smallFile.read(pidFile),
      ({ reason }) =>
        new UsageError({ message: `The file ${pidFile} ${reason} The server makes it where --pid-file is given.` })
    ),
    (text) =>
      /^\d{1,10}\s*$/.test(text)
        ? Effect.succeed(Number(text))
        : new UsageError({ message: `The file ${pidFile} is no server's: it should hold the number of a process.` })
  )
}

/** The command line, or the title, of a process; undefined where the system does not show it so. */
const titleOf = (pid: number): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8")
  } catch {
    return existsSync("/proc/self") ? "" : undefined
  }
}

const send = (pid: number, signal: "SIGHUP" | 0): Effect.Effect<void, UsageError | NoSuchServer> =>
  Effect.try({
    try: () => void process.kill(pid, signal),
    catch: (cause) =>
      (cause as NodeJS.ErrnoException).code === "ESRCH"
        ? new NoSuchServer({ message: `There is no process ${pid}: the server has ended.` })
        : new UsageError({ message: `Process ${pid} is another user's: ask as that user, or as root.` })
  })

/** Has the supervisor start new workers. */
export const run = (options: Options): Effect.Effect<void, UsageError | NoSuchServer | NotReloaded> => {
  const { admin, adminTokenFile, pid } = options
  return pid === undefined && admin !== undefined
    ? Effect.flatMap(Effect.promise(() => import("./ask.js")), ({ ask }) => ask(admin, adminTokenFile))
    : Effect.flatMap(pidOf(options), (pid) => Effect.zipRight(known(pid), send(pid, "SIGHUP")))
}

/** A server without workers would end. */
const known = (pid: number): Effect.Effect<void, UsageError | NoSuchServer> =>
  Effect.flatMap(send(pid, 0), () => {
    const title = titleOf(pid)
    return title === undefined || isSupervisor(title) ? Effect.void : new UsageError({
      message: `Process ${pid} is no server with workers, and nothing else can be reloaded: start it with --workers.`
    })
  })
