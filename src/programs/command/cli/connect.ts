import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as Effect from "effect/Effect"
import * as argument from "../arguments/argument.js"
import { chosen, option } from "../arguments/Setting.js"
import * as settings from "../arguments/settings.js"
import { describe } from "./Manual.js"

const protocol = argument.text("PROTOCOL").pipe(
  Args.withDefault("calc"),
  Args.withDescription(
    "What is said: calc, echo, reverse, chars, or the path of an ES module whose default export is a client protocol."
  )
)

const messages = argument.text("MESSAGE").pipe(
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
  Effect.interruptible(Effect.flatMap(
    Effect.promise(() => import("../connect/Connect.js")),
    ({ run }) => run(options)
  ))).pipe(Command.withDescription(describe(
    "Connects to a server: sends the messages and prints each reply, or else asks for messages, a line each.",
    [
      ["switchboard connect calc '22 + 44' '2 ** 100'", "Two questions, two lines of answers."],
      ["switchboard connect", "A prompt for the calculator at 127.0.0.1:1234; exit leaves."],
      ["switchboard connect echo --json < messages.txt", "A file of messages, each reply as JSON."],
      ["switchboard connect chars", "Random characters as they come: s for statistics, q quits."]
    ]
  )))
