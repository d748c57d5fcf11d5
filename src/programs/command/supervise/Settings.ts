/** What `serve` is told to do, and how that is found out anew. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { callSupervisor, callWorker } from "../arguments/processTitle.js"
import type { SettingsFile } from "../arguments/SettingsFile.js"
import { UsageError } from "../arguments/UsageError.js"
import { pidFile } from "../serve/pidFile.js"
import type * as Serve from "../serve/Serve.js"
import * as Assignment from "../serve/worker/Assignment.js"
import type { WorkerFailed } from "./errors.js"

export interface Settings {
  readonly model: string
  readonly protocol: string
  readonly options: Serve.Options
  /** Where some of them stood. */
  readonly file: SettingsFile | undefined
}

export type Failure = Effect.Effect.Error<ReturnType<typeof Serve.run>> | WorkerFailed

/** As one process, or as several under this one. */
const serve = (settings: Settings): Effect.Effect<void, Failure> => {
  const { model, options, protocol } = settings
  const assignment = Assignment.current()
  if (assignment !== undefined) callWorker(assignment.number)
  const isSupervisor = assignment === undefined && options.workers.value !== undefined
  if (isSupervisor) callSupervisor()
  const run: Effect.Effect<void, Failure> = isSupervisor
    ? Effect.flatMap(Effect.promise(() => import("./Supervisor.js")), ({ run }) => run(settings))
    : Effect.flatMap(
      Effect.promise(() => import("../serve/Serve.js")),
      ({ run }) => run(model, protocol, options, assignment)
    )
  const { value: path } = options.pidFile
  return assignment !== undefined || path === undefined ? run : Effect.scoped(Effect.zipRight(pidFile(path), run))
}

/** Who takes settings that were read. Default: a server that goes by them. */
export class Recipient extends Context.Reference<Recipient>()("effect-switchboard/command/Recipient", {
  defaultValue: () => serve
}) {}

/** Reads them as they are now. */
export class Reread extends Context.Reference<Reread>()("effect-switchboard/command/Reread", {
  defaultValue: (): Effect.Effect<Settings, UsageError> =>
    new UsageError({ message: "There is no reading these settings anew." })
}) {}
