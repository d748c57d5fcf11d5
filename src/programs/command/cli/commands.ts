/** The command `switchboard` and its subcommands. */
import * as Command from "@effect/cli/Command"
import packageJson from "../../../../package.json" with { type: "json" }
import { bench } from "./bench.js"
import { certificate } from "./certificate.js"
import { connect } from "./connect.js"
import { demo } from "./demo.js"
import { doctor } from "./doctor.js"
import * as Manual from "./Manual.js"
import { reload } from "./reload.js"
import { serve } from "./serve.js"

export const version = packageJson.version

export const root = Command.make("switchboard").pipe(
  Command.withDescription(Manual.describe(packageJson.description, [
    ["switchboard serve select", "The calculator at 127.0.0.1:1234."],
    ["switchboard connect calc '22 + 44'", "Asks it something."],
    ["switchboard demo", "Shows what tells the models apart."],
    [
      "source <(switchboard --completions bash)",
      "Tab completes its words in this bash; in zsh the same with zsh; in fish: switchboard --completions fish | source"
    ]
  ])),
  Command.withSubcommands([serve, connect, reload, demo, bench, certificate, doctor])
)

/** The manual of the command itself. */
export const manual = (): Manual.Manual => Manual.make("switchboard", root)

/** The manuals of the subcommands, made when they are asked for. */
export const manuals: Readonly<Record<string, () => Manual.Manual>> = {
  serve: () => Manual.make("switchboard serve", serve),
  connect: () => Manual.make("switchboard connect", connect),
  reload: () => Manual.make("switchboard reload", reload),
  demo: () => Manual.make("switchboard demo", demo),
  bench: () => Manual.make("switchboard bench", bench),
  certificate: () => Manual.make("switchboard certificate", certificate),
  doctor: () => Manual.make("switchboard doctor", doctor)
}
