import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as logLevelFlag from "../arguments/logLevelFlag.js"
import type { Chosen } from "../arguments/Setting.js"
import { Sources } from "../arguments/Setting.js"
import { UsageError } from "../arguments/UsageError.js"
import { printable } from "../console/printable.js"
import { columnsOf } from "../console/terminal.js"
import { Recipient } from "../supervise/Settings.js"
import { describe } from "./Manual.js"
import { config, model, none, protocol, serverSettings } from "./serverSettings.js"

const printConfig = Options.boolean("print-config").pipe(
  Options.withDescription("Print each setting with its value and where it comes from, and end.")
)

/** What is set, to what, by whom: in columns, or the last of them on a line of its own where there is no room. */
const table = (settings: ReadonlyArray<Chosen<unknown>>, columns: number): string => {
  const rows = settings.map(({ name, source, text }) => [name, printable(text), source] as const)
  const [names, values, sources] = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)))
  const isWide = names! + values! + sources! + 4 <= columns
  return rows.map(([name, text, source]) => {
    const setting = `${name.padEnd(names!)}  ${isWide ? text.padEnd(values!) : text}`
    return isWide ? `${setting}  ${source}` : `${setting}\n  ${source}`
  }).join("\n")
}

export const serve = Command.make("serve", {
  model,
  protocol,
  file: { config, printConfig },
  ...serverSettings
}, ({ file, model, protocol, ...given }) =>
  Effect.gen(function*() {
    const chosen = { ...given, logLevel: yield* logLevelFlag.orFlag(given.logLevel) }
    if (file.printConfig) {
      return yield* Console.log(table([model, protocol, ...Object.values(chosen)], columnsOf(process.stdout)))
    }
    if (model.value === none) {
      return yield* new UsageError({ message: "serve needs a model: once, iterative, single, threaded or select." })
    }
    const { file: settingsFile } = yield* Sources
    const take = yield* Recipient
    return yield* take({
      model: model.value,
      protocol: protocol.value,
      options: chosen,
      file: Option.getOrUndefined(yield* settingsFile)
    })
  }).pipe(
    Effect.interruptible,
    // A signal is the way to stop a server: one that has drained has done what it should.
    Effect.catchAllCause((cause) => Cause.isInterruptedOnly(cause) ? Effect.void : Effect.failCause(cause))
  )).pipe(Command.withDescription(describe(
    "Starts a server, which runs until Ctrl+C and then answers what it has received. Its log is on standard error.",
    [
      ["switchboard serve select", "The calculator at 127.0.0.1:1234: one fiber serves all clients."],
      ["switchboard serve threaded echo --listen unix:/run/echo.sock,tcp://[::1]:5000", "At two places."],
      [
        "switchboard serve threaded calc --listen ws://127.0.0.1:8080",
        "A WebSocket, and a page with a prompt to try it."
      ],
      [
        "socat TCP-LISTEN:1234,fork,reuseaddr EXEC:'switchboard serve threaded calc --inetd'",
        "A process for each connection, which another program accepts."
      ],
      ["switchboard serve threaded --tls-cert server.crt --tls-key server.key", "The calculator, by TLS."],
      ["switchboard serve single echo --port 5000", "An echo that serves one client, and refuses others meanwhile."],
      ["switchboard serve threaded ./shout.js --mode debug", "A protocol of yours, with each message in the log."],
      ["switchboard serve threaded --admin 127.0.0.1:9090", "With health, metrics and more, by HTTP."],
      ["switchboard serve select --delay 1s", "Slow answers: what tells select from threaded, at two prompts."],
      [
        "switchboard serve threaded --workers auto",
        "The calculator on every core; switchboard reload changes its settings."
      ],
      ["switchboard serve --print-config", "What the settings are, and where each comes from."]
    ]
  )))
