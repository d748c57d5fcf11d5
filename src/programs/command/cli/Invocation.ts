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

/** The value that these words give an option, if they do. */
export const valueOf = (words: ReadonlyArray<string>, flag: string): string | undefined => {
  const end = words.indexOf("--")
  const before = end < 0 ? words : words.slice(0, end)
  const at = before.findIndex((word) => word === flag || word.startsWith(`${flag}=`))
  return at < 0 ? undefined : before[at] === flag ? before[at + 1] : before[at]!.slice(flag.length + 1)
}

const mistake = (message: string): Either.Either<never, UsageError> => Either.left(new UsageError({ message }))

const meant = (word: string, known: ReadonlyArray<string>, otherwise: string): string => {
  const near = nearest(word, known)
  return near === undefined ? otherwise : `did you mean ${near}?`
}

/** The shortest option that begins with the letter: `-p 5000` means `--port 5000`. */
const inFull = (flag: string, flags: ReadonlyArray<string>, name: string): string => {
  const candidates = flags.filter((known) => known.startsWith(`--${flag[1]!.toLowerCase()}`))
  const shortest = candidates.toSorted((a, b) => a.length - b.length)[0]
  return shortest === undefined ? `see ${name} --help.` : `did you mean ${shortest}?`
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
      const wanted = flag.startsWith("--") ? meant(flag, flags, `see ${name} --help.`) : inFull(flag, flags, name)
      return mistake(`${name} has no option ${flag}: ${wanted}`)
    }
    if (given.has(flag) && !option.isRepeatable) return mistake(`${flag} may be given once.`)
    given.add(flag)
    if (!option.takesValue && word !== flag) return mistake(`${flag} takes no value.`)
    if (!option.takesValue || word !== flag) continue
    const value = words[++i]
    if (value === undefined || value === "--") return mistake(`${flag} needs a value: ${option.term}.`)
    if (isFlag(value)) {
      return mistake(`${flag} needs a value: ${option.term}. If ${value} is the value, write ${flag}=${value}`)
    }
  }
  return Either.right(words.length === 0 ? { _tag: "Help", command } : { _tag: "Run" })
}
