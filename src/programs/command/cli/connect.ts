import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as Effect from "effect/Effect"
import * as argument from "../arguments/argument.js"
import * as proxyHeader from "../arguments/proxyHeader.js"
import { chosen, option } from "../arguments/Setting.js"
import * as settings from "../arguments/settings.js"
import { withPlace } from "../connect/place.js"
import { describe } from "./Manual.js"

const defaultProtocol = "calc"

const protocol = argument.text("PROTOCOL").pipe(
  Args.withDefault(defaultProtocol),
  Args.withDescription(
    "What is said: calc, echo, reverse, chars, or the path of an ES module whose default export is a client protocol. "
      + "HOST:PORT, ws://HOST:PORT/PATH or unix:PATH may stand before it."
  )
)

const messages = argument.text("MESSAGE").pipe(
  Args.repeated,
  Args.withDescription("Sent one by one. Without any, they are read from standard input, a line each.")
)

export const connect = Command.make(
  "connect",
  {
    protocol,
    messages,
    host: chosen(settings.host),
    port: chosen(settings.port),
    timeout: option(settings.timeout),
    tls: option(settings.tls),
    ca: chosen(settings.ca),
    cert: chosen(settings.cert),
    key: chosen(settings.key),
    servername: chosen(settings.servername),
    insecure: chosen(settings.insecure),
    proxyProtocol: proxyHeader.version,
    proxySource: proxyHeader.source,
    framing: chosen(settings.framing),
    mode: option(settings.mode),
    json: option(settings.json),
    retry: option(settings.retry),
    repeat: chosen(settings.repeat),
    interval: option(settings.interval),
    latency: chosen(settings.latency)
  },
  ({ host, messages, port, protocol, proxyProtocol, proxySource, ...options }) =>
    Effect.interruptible(Effect.gen(function*() {
      const said = yield* withPlace({ protocol, messages }, host, port, defaultProtocol)
      const header = yield* proxyHeader.header(proxyProtocol, proxySource)
      const { run } = yield* Effect.promise(() => import("../connect/Connect.js"))
      return yield* run({ ...options, ...said, tls: options.tls || said.tls === true, proxyHeader: header })
    }))
).pipe(Command.withDescription(describe(
  "Connects to a server: sends the messages and prints each reply, or else asks for messages, a line each.",
  [
    ["switchboard connect calc '22 + 44' '2 ** 100'", "Two questions, two lines of answers."],
    ["switchboard connect", "A prompt for the calculator at 127.0.0.1:1234; exit leaves."],
    ["switchboard connect localhost:5000 echo", "A prompt for the echo at port 5000."],
    ["switchboard connect tls://localhost:1234 --ca authority.crt", "By TLS, to a server of one's own authority."],
    ["switchboard connect echo --json < messages.txt", "A file of messages, each reply as JSON."],
    ["switchboard connect echo hello --repeat forever --interval 1s --latency", "How long the echo takes, live."],
    ["switchboard connect chars", "Random characters as they come: s for statistics, q quits."]
  ]
)))
