import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as Effect from "effect/Effect"
import { chosen, option } from "./Setting.js"
import * as settings from "./settings.js"

const protocol = Args.text({ name: "PROTOCOL" }).pipe(
  Args.withDefault("calc"),
  Args.withDescription("What is said: calc, echo, reverse or chars.")
)

const messages = Args.text({ name: "MESSAGE" }).pipe(
  Args.repeated,
  Args.withDescription("Sent one by one. Without any, they are read from standard input, a line each.")
)

export const connect = Command.make("connect", {
  protocol,
  messages,
  host: option(settings.host),
  port: option(settings.port),
  timeout: option(settings.timeout),
  framing: chosen(settings.framing),
  mode: option(settings.mode),
  json: option(settings.json),
  retry: option(settings.retry)
}, (options) =>
  Effect.flatMap(
    Effect.promise(() => import("../connect/Connect.js")),
    ({ run }) => run(options)
  )).pipe(Command.withDescription("Connects to a server."))
