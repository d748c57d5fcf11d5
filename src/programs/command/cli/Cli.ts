/** The command line: it is looked at, parsed, and run. */
import type { CliApp } from "@effect/cli/CliApp"
import * as Command from "@effect/cli/Command"
import type { ValidationError } from "@effect/cli/ValidationError"
import * as Console from "effect/Console"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import pc from "picocolors"
import { marked } from "../arguments/argument.js"
import * as logLevelFlag from "../arguments/logLevelFlag.js"
import { Sources, variable } from "../arguments/Setting.js"
import { logFormat } from "../arguments/settings.js"
import * as SettingsFile from "../arguments/SettingsFile.js"
import { UsageError } from "../arguments/UsageError.js"
import { columnsOf } from "../console/terminal.js"
import * as Assignment from "../serve/worker/Assignment.js"
import { Recipient, Reread, type Settings } from "../supervise/Settings.js"
import { manual, manuals, root, version } from "./commands.js"
import type { Failure } from "./ExitCode.js"
import { describe } from "./ExitCode.js"
import * as Invocation from "./Invocation.js"
import { parserConsole } from "./parserConsole.js"

/** How long the reader of a server's log may take for its last line. */
const patience = Duration.millis(500)

type Environment = Readonly<Record<string, string | undefined>>

/** The settings there are, of any command. */
const known = (): ReadonlyArray<string> =>
  ["model", "protocol"].concat(
    Object.values(manuals).flatMap((manual) =>
      manual().options.flatMap(({ isSetting, names }) => isSetting ? names.map((name) => name.slice(2)) : [])
    )
  )

const help = (command: string | undefined): Effect.Effect<void> =>
  Effect.gen(function*() {
    const Help = yield* Effect.promise(() => import("./Help.js"))
    const colours = pc.createColors(process.stdout.isTTY && process.stdout.hasColors())
    const own = command === undefined ? undefined : manuals[command]
    const width = Math.min(columnsOf(process.stdout), Help.widest)
    const text = own === undefined
      ? Help.text(manual(), Object.values(manuals).map((manual) => manual()), width, colours)
      : Help.text(own(), [], width, colours)
    yield* Console.log(text)
  })

const completions = (shell: string): Effect.Effect<void, UsageError> =>
  Effect.gen(function*() {
    const { script } = yield* Effect.promise(() => import("./Completions.js"))
    yield* Effect.flatMap(script(shell, manual(), manuals), Console.log)
  })

/** Read once, if at all. */
type File = Effect.Effect<Option.Option<SettingsFile.SettingsFile>, UsageError>

const parse = (argv: ReadonlyArray<string>, environment: Environment, file: File) =>
  Effect.gen(function*() {
    const console = yield* Effect.console
    const command = Command.transformHandler(root, (handler) => Console.withConsole(handler, console))
    yield* Command.run(command, { name: "switchboard", version })(marked(argv)).pipe(
      Console.withConsole(parserConsole(console)),
      logLevelFlag.watched,
      Effect.provideService(Sources, { environment, file, known })
    )
  })

/** The settings of `serve` as they are now, with the words of the command line as they were. */
const reread = (argv: ReadonlyArray<string>, environment: Environment, find: File) =>
  Effect.map(
    Effect.context<CliApp.Environment>(),
    (context): Effect.Effect<Settings, UsageError> =>
      Effect.gen(function*() {
        let read: Settings | undefined = undefined
        const take = (settings: Settings) =>
          Effect.sync(() => {
            read = settings
          })
        yield* parse(argv, environment, yield* Effect.cached(find)).pipe(
          Effect.provideService(Recipient, take),
          Effect.provide(context)
        )
        return read!
      }).pipe(
        Effect.catchAllCause((cause) =>
          new UsageError({ message: describe(cause)[1] ?? "The settings could not be read anew." })
        )
      )
  )

/** Whoever reads a server's log as JSON reads so why it did not start or how it ended. */
const complain = (
  sentence: string,
  words: ReadonlyArray<string>,
  environment: Environment,
  file: File
): Effect.Effect<void> =>
  Effect.gen(function*() {
    const { say } = yield* Effect.promise(() => import("../console/Complaint.js"))
    const isServer = words.find((word) => !word.startsWith("-")) === "serve"
    if (!isServer) return yield* say(sentence, "sentence", Duration.infinity)
    const given = Invocation.valueOf(words, `--${logFormat.name}`)
    const format = given ?? environment[variable(logFormat.name)] ?? (yield* Effect.match(file, {
      onFailure: () => undefined,
      onSuccess: (file) => Option.getOrUndefined(file)?.values.get(logFormat.name)
    }))
    return yield* say(sentence, format === "json" ? "json" : "sentence", patience)
  })

/**
 * Runs the command with the arguments and the environment of a process, and says why it failed.
 *
 * To be run uninterruptibly: only the subcommands are interruptible, each in its own way. In the handlers around them a
 * fiber that may be interrupted would lose how it ended, such as with a drain that had to cut clients.
 */
export const run = (
  argv: ReadonlyArray<string>,
  environment: Environment
): Effect.Effect<void, Failure | ValidationError, CliApp.Environment> =>
  Effect.gen(function*() {
    const words = argv.slice(2)
    const worker = Assignment.current()
    const find = SettingsFile.find({ environment, given: Invocation.valueOf(words, "--config") }, known)
    const file = yield* Effect.cached(worker === undefined ? find : Effect.succeed(Assignment.file(worker)))
    const invoke = Effect.flatMap(Invocation.read(words, manual, manuals), (invocation) => {
      if (invocation._tag === "Help") return help(invocation.command)
      if (invocation._tag === "Completions") return completions(invocation.shell)
      return Effect.provideServiceEffect(
        parse(argv, environment, file),
        Reread,
        reread(argv, environment, find)
      )
    })
    yield* Effect.tapErrorCause(invoke, (cause) => {
      const [code, sentence] = describe(cause)
      if (sentence === undefined) return Effect.void
      // The supervisor says it, or goes on without.
      return worker === undefined
        ? complain(sentence, words, environment, file)
        : Effect.flatMap(
          Effect.promise(() => import("../serve/worker/channel.js")),
          ({ tell }) => tell({ _tag: "Failed", code, sentence })
        )
    })
  })
