import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { option } from "../arguments/Setting.js"
import * as settings from "../arguments/settings.js"
import { describe } from "./Manual.js"

const pid = Options.integer("pid").pipe(
  Options.withPseudoName("N"),
  Options.optional,
  Options.withDescription("The server's process, instead of the file that names it.")
)

export const reload = Command.make(
  "reload",
  {
    pid,
    admin: option(settings.admin),
    adminTokenFile: option(settings.adminTokenFile),
    pidFile: option(settings.pidFile)
  },
  ({ pid, ...options }) =>
    Effect.interruptible(
      Effect.flatMap(
        Effect.promise(() => import("../reload/Reload.js")),
        ({ run }) => run({ pid: Option.getOrUndefined(pid), ...options })
      )
    )
).pipe(Command.withDescription(describe(
  "Has a server with workers start new ones, by its settings, certificates and modules as they are now. Who is connected is "
    + "served to the end by those before. Where new ones cannot start, nothing changes. It asks the admin port, which says how "
    + "that went, or else sends SIGHUP: then the server's log does.",
  [
    ["switchboard reload --admin unix:/run/calc.admin", "The server that was started with the same --admin."],
    ["switchboard reload --pid-file /run/calc.pid", "The server that was started with the same --pid-file."],
    ["switchboard reload --pid 4711", "The server that is process 4711."]
  ]
)))
