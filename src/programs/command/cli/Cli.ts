/** The command line: it is looked at, parsed, and run. */
import type { CliApp } from "@effect/cli/CliApp"
import * as Command from "@effect/cli/Command"
import type { ValidationError } from "@effect/cli/ValidationError"
import type { FileSystem } from "@effect/platform/FileSystem"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import pc from "picocolors"
import { marked } from "../arguments/argument.js"
import * as logLevelFlag from "../arguments/logLevelFlag.js"
import { Sources } from "../arguments/Setting.js"
import * as SettingsFile from "../arguments/SettingsFile.js"
import type { UsageError } from "../arguments/UsageError.js"
import { manual, manuals, root, version } from "./commands.js"
import type { Failure } from "./ExitCode.js"
import * as Invocation from "./Invocation.js"
import { parserConsole } from "./parserConsole.js"

type Environment = Readonly<Record<string, string | undefined>>

/** The settings there are, of any command. */
const known = (): ReadonlyArray<string> =>
  Object.values(manuals).flatMap((manual) =>
    manual().options.flatMap(({ isSetting, names }) => isSetting ? names.map((name) => name.slice(2)) : [])
  )

const help = (command: string | undefined): Effect.Effect<void> =>
  Effect.gen(function*() {
    const Help = yield* Effect.promise(() => import("./Help.js"))
    const colours = pc.createColors(process.stdout.isTTY && process.stdout.hasColors())
    const own = command === undefined ? undefined : manuals[command]
    const text = own === undefined
      ? Help.text(manual(), Object.values(manuals).map((manual) => manual()), colours)
      : Help.text(own(), [], colours)
    yield* Console.log(text)
  })

const completions = (shell: string): Effect.Effect<void, UsageError> =>
  Effect.gen(function*() {
    const { script } = yield* Effect.promise(() => import("./Completions.js"))
    yield* Effect.flatMap(script(shell, manual(), manuals), Console.log)
  })

const parse = (argv: ReadonlyArray<string>, environment: Environment) =>
  Effect.gen(function*() {
    const console = yield* Effect.console
    const file = yield* Effect.cached(
      Effect.provide(SettingsFile.find(environment, known), yield* Effect.context<FileSystem>())
    )
    const command = Command.transformHandler(root, (handler) => Console.withConsole(handler, console))
    yield* Command.run(command, { name: "switchboard", version })(marked(argv)).pipe(
      Console.withConsole(parserConsole(console)),
      logLevelFlag.watched,
      Effect.provideService(Sources, { environment, file })
    )
  })

/**
 * Runs the command with the arguments and the environment of a process.
 *
 * To be run uninterruptibly: only the subcommands are interruptible, each in its own way. In the handlers around them a
 * fiber that may be interrupted would lose how it ended, such as with a drain that had to cut clients.
 */
export const run = (
  argv: ReadonlyArray<string>,
  environment: Environment
): Effect.Effect<void, Failure | ValidationError, CliApp.Environment> =>
  Effect.flatMap(Invocation.read(argv.slice(2), manual, manuals), (invocation) => {
    if (invocation._tag === "Help") return help(invocation.command)
    return invocation._tag === "Completions" ? completions(invocation.shell) : parse(argv, environment)
  })
