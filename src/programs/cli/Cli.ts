/** The command `switchboard`: its subcommands, and what they have in common. */
import type { CliApp } from "@effect/cli/CliApp"
import * as Command from "@effect/cli/Command"
import type { ValidationError } from "@effect/cli/ValidationError"
import type { FileSystem } from "@effect/platform/FileSystem"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import packageJson from "../../../package.json" with { type: "json" }
import { bench } from "./bench.js"
import { connect } from "./connect.js"
import { demo } from "./demo.js"
import type { Failure } from "./ExitCode.js"
import * as logLevelFlag from "./logLevelFlag.js"
import { parserConsole } from "./parserConsole.js"
import { serve } from "./serve.js"
import { Sources } from "./Setting.js"
import * as SettingsFile from "./SettingsFile.js"

const root = Command.make("switchboard").pipe(
  Command.withDescription(packageJson.description),
  Command.withSubcommands([serve, connect, demo, bench])
)

/**
 * Runs the command with the arguments and the environment of a process.
 *
 * Only the subcommand is interruptible: around it are handlers of failures, which in a fiber that is interrupted would
 * lose the failure with which it ends, such as a drain that had to cut clients.
 */
export const run = (
  argv: ReadonlyArray<string>,
  environment: Readonly<Record<string, string | undefined>>
): Effect.Effect<void, Failure | ValidationError, CliApp.Environment> =>
  Effect.gen(function*() {
    const console = yield* Effect.console
    const file = yield* Effect.cached(
      Effect.provide(SettingsFile.find(environment), yield* Effect.context<FileSystem>())
    )
    const command = Command.transformHandler(root, (handler) =>
      Console.withConsole(Effect.interruptible(handler), console))
    const parse = Command.run(command, { name: "switchboard", version: packageJson.version })
    yield* parse(argv).pipe(
      Console.withConsole(parserConsole(console)),
      logLevelFlag.watched,
      Effect.provideService(Sources, { environment, file })
    )
  }).pipe(Effect.uninterruptible)
