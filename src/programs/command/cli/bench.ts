import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as argument from "../arguments/argument.js"
import { chosen, option } from "../arguments/Setting.js"
import * as settings from "../arguments/settings.js"
import * as Value from "../arguments/Value.js"
import { describe } from "./Manual.js"

const protocol = argument.text("PROTOCOL").pipe(
  Args.withDefault("calc"),
  Args.withDescription(
    "What is said: calc, echo, reverse, or the path of an ES module whose default export is a protocol that answers each message with one."
  )
)

const connections = settings.value("connections", "Clients at once.", "N", "50", Value.integer(1, 60_000))
const depth = settings.value(
  "depth",
  "Requests each client sends before it waits for replies.",
  "N",
  "1",
  Value.integer(1, 10_000)
)
const duration = settings.value("duration", "How long to measure.", "TIME", "5 seconds", Value.duration)
const warmUp = settings.value("warm-up", "The same load before that, uncounted.", "TIME", "1 second", Value.duration)
const rate = settings.value<number | undefined>(
  "rate",
  "Requests a second over all clients, due at fixed times from which their latency counts; or max, each client at its own pace.",
  "N|max",
  "max",
  (text) => text === "max" ? Either.right(undefined) : settings.positive(text)
)
const port = {
  ...settings.port,
  description: "The port of a running server to measure. With none, a server of each model is started in turn.",
  fallback: "none",
  read: (text: string) => text === "none" ? Either.right(undefined) : settings.port.read(text)
}

const repeated = (name: string, placeholder: string, description: string) =>
  Options.text(name).pipe(
    Options.withPseudoName(placeholder),
    Options.repeated,
    Options.withDescription(description)
  )

export const bench = Command.make("bench", {
  protocol,
  host: option(settings.host),
  // A port that stands in the settings is where servers listen, which does not mean that one does.
  port: Options.map(chosen(port), ({ source, value }) => source === "--port" ? value : undefined),
  models: repeated(
    "model",
    "MODEL",
    "Measure this model alone: threaded, select, iterative or single; may be given again. Default: all of these."
  ),
  connections: option(connections),
  depth: option(depth),
  duration: option(duration),
  warmUp: option(warmUp),
  rate: option(rate),
  messages: repeated("message", "TEXT", "What is sent; may be given again, and is sent in turn. Default: a short one."),
  framing: option(settings.framing),
  terse: option(settings.terse),
  timeout: option(settings.timeout),
  tls: option(settings.tls),
  ca: chosen(settings.ca),
  cert: chosen(settings.cert),
  key: chosen(settings.key),
  servername: chosen(settings.servername),
  insecure: chosen(settings.insecure),
  json: Options.boolean("json").pipe(Options.withDescription("Print everything as one JSON object.")),
  compare: Options.boolean("compare").pipe(Options.withDescription("Print one table, a row for each model.")),
  report: Options.text("report").pipe(
    Options.withPseudoName("FILE.html"),
    Options.optional,
    Options.map(Option.getOrUndefined),
    Options.withDescription("Write a page with charts, which opens in any browser.")
  )
}, (options) =>
  Effect.interruptible(Effect.flatMap(
    Effect.promise(() => import("../bench/Bench.js")),
    ({ run }) => run(options)
  ))).pipe(Command.withDescription(describe(
    "Measures servers under load: requests a second, latency, errors. Every reply is checked. "
      + "iterative and single serve one client at a time, so they are measured with one; once ends with its first answer, so it is not measured.",
    [
      ["switchboard bench --compare --report bench.html", "The models side by side, and a page with charts."],
      [
        "switchboard bench echo --port 1234 --rate 20000 --duration 10s",
        "A running server, at 20,000 requests a second."
      ],
      ["switchboard bench calc --model select --depth 32 --message '2 ** 100' --json", "One model, pipelined, as JSON."]
    ]
  )))
