/** What @effect/cli would get wrong in a command line, looked at before it does. */
import * as Either from "effect/Either"
import { nearest } from "../arguments/spelling.js"
import { UsageError } from "../arguments/UsageError.js"
import type { Manual, Option } from "./Manual.js"
import { usage } from "./Manual.js"

/** What the words ask for: a subcommand to be run, or something to be printed. */
export type Invocation =
  | { readonly _tag: "Run" }
  | { readonly _tag: "Help"; readonly command: string | undefined }
  | { readonly _tag: "Completions"; readonly shell: string }

/** Options that @effect/cli has for every command. */
const builtIn: ReadonlyArray<Pick<Option, "term" | "names" | "takesValue" | "isRepeatable">> = [
  { term: "--wizard", names: ["--wizard"], takesValue: false, isRepeatable: false },
  { term: "--log-level LEVEL", names: ["--log-level"], takesValue: true, isRepeatable: false }
]

const isFlag = (word: string): boolean => /^--?[a-z][\w-]*(=|$)/i.test(word)

const mistake = (message: string): Either.Either<never, UsageError> => Either.left(new UsageError({ message }))

const meant = (word: string, known: ReadonlyArray<string>, otherwise: string): string => {
  const near = nearest(word, known)
  return near === undefined ? otherwise : `did you mean ${near}?`
}

/**
 * Looks through the words for what does not exist, is too much or is missing, to say it in words that help.
 *
 * `manuals` are those of the subcommands by name, and `root` is the command's own.
 */
export const read = (
  words: ReadonlyArray<string>,
  root: () => Manual,
  manuals: Readonly<Record<string, () => Manual>>
): Either.Either<Invocation, UsageError> => {
  const given = new Set<string>()
  let command: string | undefined = undefined
  let manual: Manual | undefined = undefined
  let place = 0
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === "--") break
    if (!isFlag(word)) {
      if (manual === undefined || command === undefined) {
        command = word
        manual = manuals[command]?.()
        const names = Object.keys(manuals)
        if (manual !== undefined) continue
        return mistake(
          `There is no command '${word}': ${meant(word, [...names, "--help"], `choose one of ${names.join(", ")}.`)}`
        )
      }
      const last = manual.arguments.at(-1)
      if (++place > manual.arguments.length && last?.term.endsWith("...") !== true) {
        return mistake(`There is no place for '${word}' in: ${usage(manual)}`)
      }
      continue
    }
    const flag = word.replace(/=.*/s, "")
    if (flag === "--help" || flag === "-h") return Either.right({ _tag: "Help", command })
    if (flag === "--completions") return Either.right({ _tag: "Completions", shell: words[i + 1] ?? "" })
    const { name, options } = manual ?? root()
    const known = [...options, ...builtIn]
    const option = known.find(({ names }) => names.includes(flag))
    if (option === undefined) {
      const flags = known.flatMap(({ names }) => names)
      return mistake(`${name} has no option ${flag}: ${meant(flag, flags, `see ${name} --help.`)}`)
    }
    if (given.has(flag) && !option.isRepeatable) return mistake(`${flag} may be given once.`)
    given.add(flag)
    if (!option.takesValue && word !== flag) return mistake(`${flag} takes no value.`)
    if (!option.takesValue || word !== flag) continue
    if (words[++i] === undefined) return mistake(`${flag} needs a value: ${option.term}.`)
  }
  return Either.right(words.length === 0 ? { _tag: "Help", command } : { _tag: "Run" })
}
