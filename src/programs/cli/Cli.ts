/** The command `switchboard`: its subcommands, and what they have in common. */
import type { CliApp } from "@effect/cli/CliApp"
import * as Command from "@effect/cli/Command"
import type { ValidationError } from "@effect/cli/ValidationError"
import * as Console from "effect/Console"
import type * as Effect from "effect/Effect"
import packageJson from "../../../package.json" with { type: "json" }
import { connect } from "./connect.js"
import { demo } from "./demo.js"
import type { Failure } from "./ExitCode.js"
import { parserConsole } from "./parserConsole.js"
import { serve } from "./serve.js"

const root = Command.make("switchboard").pipe(
  Command.withDescription(packageJson.description),
  Command.withSubcommands([serve, connect, demo])
)

/** Runs the command with the arguments of a process. */
export const run = (argv: ReadonlyArray<string>): Effect.Effect<void, Failure | ValidationError, CliApp.Environment> =>
  Console.consoleWith((console) => {
    const command = Command.transformHandler(root, (handler) => Console.withConsole(handler, console))
    const parse = Command.run(command, { name: "switchboard", version: packageJson.version })
    return Console.withConsole(parse(argv), parserConsole(console))
  })
