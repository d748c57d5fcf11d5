import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Setting from "./Setting.js"
import * as settings from "./settings.js"

const model = Args.text({ name: "MODEL" }).pipe(
  Args.withDescription("Who runs the conversations: once, iterative, single, threaded or select.")
)

const protocol = Args.text({ name: "PROTOCOL" }).pipe(
  Args.withDefault("calc"),
  Args.withDescription(
    "What is said: calc, echo, reverse, chars, or the path of an ES module whose default export is a protocol."
  )
)

export const serve = Command.make("serve", {
  model,
  protocol,
  host: Setting.chosen(settings.host),
  port: Setting.chosen(settings.port),
  framing: Setting.chosen(settings.framing),
  maxConnections: Setting.chosen(settings.maxConnections),
  atLimit: Setting.chosen(settings.atLimit),
  maxFrame: Setting.chosen(settings.maxFrame),
  idleTimeout: Setting.chosen(settings.idleTimeout),
  requestTimeout: Setting.chosen(settings.requestTimeout),
  writeTimeout: Setting.chosen(settings.writeTimeout),
  drainTimeout: Setting.chosen(settings.drainTimeout),
  mode: Setting.chosen(settings.mode),
  logFormat: Setting.chosen(settings.logFormat),
  terse: Setting.chosen(settings.terse)
}, ({ model, protocol, ...chosen }) =>
  Effect.flatMap(
    Effect.promise(() => import("../serve/Serve.js")),
    ({ run }) => run(model, protocol, chosen)
  )).pipe(Command.withDescription("Starts a server."))
