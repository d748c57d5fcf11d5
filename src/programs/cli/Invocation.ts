/** What @effect/cli would get wrong in a command line, looked at before it does. */
import * as Either from "effect/Either"
import type { Manual, Option } from "./Manual.js"
import { nearest } from "./spelling.js"
import { UsageError } from "./UsageError.js"

/** What the words ask for: a subcommand to be run, or something to be printed. */
export type Invocation =
  | { readonly _tag: "Run" }
  | { readonly _tag: "Help"; readonly command: string | undefined }
  | { readonly _tag: "Completions"; readonly shell: string }

/** Options that @effect/cli has for every command. */
const builtIn: ReadonlyArray<Pick<Option, "names" | "takesValue">> = [
  { names: ["--wizard"], takesValue: false },
  { names: ["--log-level"], takesValue: true }
]

const isFlag = (word: string): boolean => /^--?[a-z][\w-]*(=|$)/i.test(word)

const meant = (word: string, known: ReadonlyArray<string>, otherwise: string): string => {
  const near = nearest(word, known)
  return near === undefined ? otherwise : `did you mean ${near}?`
}

const unknownCommand = (word: string, names: ReadonlyArray<string>): UsageError =>
  new UsageError({
    message: `There is no command '${word}': ${meant(word, names, `choose one of ${names.join(", ")}.`)}`
  })

const unknownOption = (flag: string, name: string, flags: ReadonlyArray<string>): UsageError =>
  new UsageError({ message: `${name} has no option ${flag}: ${meant(flag, flags, `see ${name} --help.`)}` })

/**
 * Looks through the words for an option or a command that does not exist, to name the one that was meant.
 *
 * `manuals` are those of the subcommands by name, and `root` is the command's own.
 */
export const read = (
  words: ReadonlyArray<string>,
  root: () => Manual,
  manuals: Readonly<Record<string, () => Manual>>
): Either.Either<Invocation, UsageError> => {
  let command: string | undefined = undefined
  let manual: Manual | undefined = undefined
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === "--") break
    if (!isFlag(word)) {
      if (command !== undefined) continue
      command = word
      manual = manuals[command]?.()
      if (manual === undefined) return Either.left(unknownCommand(word, Object.keys(manuals)))
      continue
    }
    const flag = word.replace(/=.*/s, "")
    if (flag === "--help" || flag === "-h") return Either.right({ _tag: "Help", command })
    if (flag === "--completions") return Either.right({ _tag: "Completions", shell: words[i + 1] ?? "" })
    manual ??= root()
    const known = [...manual.options, ...builtIn]
    const option = known.find(({ names }) => names.includes(flag))
    if (option === undefined) return Either.left(unknownOption(flag, manual.name, known.flatMap(({ names }) => names)))
    if (option.takesValue && word === flag) i++
  }
  return Either.right(words.length === 0 ? { _tag: "Help", command } : { _tag: "Run" })
}
