import * as Command from "@effect/cli/Command"
import * as Effect from "effect/Effect"
import * as logLevelFlag from "../arguments/logLevelFlag.js"
import { option } from "../arguments/Setting.js"
import { flag } from "../arguments/settings.js"
import { describe } from "./Manual.js"
import { config, model, protocol, serverSettings } from "./serverSettings.js"

const json = flag("json", "Print the findings as JSON: how many are wrong, and of each about, level, says and mend.")

export const doctor = Command.make("doctor", {
  model,
  protocol,
  config,
  json: option(json),
  ...serverSettings
}, ({ json, model, protocol, ...given }) =>
  Effect.interruptible(Effect.gen(function*() {
    const chosen = { ...given, logLevel: yield* logLevelFlag.orFlag(given.logLevel) }
    const { run } = yield* Effect.promise(() => import("../doctor/Doctor.js"))
    return yield* run(model.value, protocol.value, chosen, json)
  }))).pipe(Command.withDescription(describe(
    "Looks at what serve would meet with the same words and settings, without serving, and says what to mend: open files, ports, certificates, settings.",
    [
      ["switchboard doctor select", "The calculator at 127.0.0.1:1234: can it be had?"],
      [
        "switchboard doctor threaded echo --listen tls://0.0.0.0:443 --tls-cert server.crt --tls-key server.key",
        "By TLS."
      ],
      ["switchboard doctor threaded --config /etc/switchboard.yaml --json", "For a program to read."]
    ]
  )))
