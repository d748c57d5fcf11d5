import * as Args from "@effect/cli/Args"
import * as Command from "@effect/cli/Command"
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as argument from "../arguments/argument.js"
import { option } from "../arguments/Setting.js"
import * as settings from "../arguments/settings.js"
import { UsageError } from "../arguments/UsageError.js"
import * as Value from "../arguments/Value.js"
import { describe } from "./Manual.js"

const names = argument.text("NAME").pipe(
  Args.repeated,
  Args.withDescription("The names and addresses of the server. Without any: localhost, 127.0.0.1 and ::1.")
)

const selfSigned = Options.boolean("self-signed").pipe(
  Options.withDescription("Signed by its own key: there is no other way here. Clients must be told to believe it.")
)

const days = settings.value("days", "How long it is valid.", "N", "365", Value.integer(1, 36_500))

const out = settings.value(
  "out",
  "Where to: NAME.crt and NAME.key, neither of which may be there yet.",
  "NAME",
  "server",
  Value.nonEmpty
)

export const certificate = Command.make(
  "certificate",
  { names, selfSigned, days: option(days), out: option(out) },
  ({ selfSigned, ...options }) =>
    Effect.interruptible(
      selfSigned
        ? Effect.flatMap(Effect.promise(() => import("../certificate/Certificate.js")), ({ run }) => run(options))
        : new UsageError({
          message: "certificate makes but such as are self-signed, for a try-out: say --self-signed."
        })
    )
).pipe(Command.withDescription(describe(
  "Makes a certificate and its key, to try a server by TLS. It takes the program openssl.",
  [
    ["switchboard certificate --self-signed", "server.crt and server.key, for this machine."],
    ["switchboard certificate --self-signed example.org --out example --days 30", "For another name, and a month."]
  ]
)))
