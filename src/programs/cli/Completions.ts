/** What makes a shell complete the command: its subcommands, options, models and protocols. */
import * as Effect from "effect/Effect"
import type { Manual, Option } from "./Manual.js"
import { suggest } from "./spelling.js"
import { UsageError } from "./UsageError.js"

type Manuals = ReadonlyArray<readonly [name: string, manual: Manual]>

const program = "switchboard"

const indented = (lines: ReadonlyArray<string>, by: number): string =>
  lines.map((line) => `${" ".repeat(by)}${line}`).join("\n")

const names = (options: ReadonlyArray<Option>): string => options.flatMap(({ names }) => names).join(" ")

/** The first sentence, or what fits beside a word. */
const brief = (text: string): string => text.split(/[.:;] |\.$/, 1)[0] ?? text

const cases = (options: ReadonlyArray<{ readonly case: string }>): string =>
  options.map((option) => option.case).join("|")

const bash = (root: Manual, manuals: Manuals): string => {
  const all = [["", root] as const, ...manuals]
  const taking = all.flatMap(([name, { options }]) =>
    options.flatMap(({ names, takesFile, takesValue, words }) =>
      takesValue ? names.map((option) => ({ case: `"${name} ${option}"`, takesFile, words: words.join(" ") })) : []
    )
  )
  const values = [...new Set(taking.map(({ words }) => words))].filter((words) => words !== "").map((words) =>
    `${cases(taking.filter((option) => option.words === words))}) words="${words}" ;;`
  )
  const files = taking.filter(({ takesFile }) => takesFile)
  const others = taking.filter(({ takesFile, words }) => !takesFile && words === "")
  const flags = all.map(([name, { options }]) => `"${name} -"*) words="${names(options)}" ;;`)
  const places = manuals.flatMap(([name, manual]) =>
    manual.arguments.flatMap(({ takesFile, words }, at) =>
      words.length === 0 && !takesFile
        ? []
        : [`"${name} ${at}") words="${words.join(" ")}"${takesFile ? "; files=yes" : ""} ;;`]
    )
  )
  return `_${program}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local command= place=0 words= files= word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$command $word" in
      ${cases(taking)}) ((i++)) ;;
      *" -"*) ;;
      " "*) command=$word ;;
      *) ((place++)) ;;
    esac
  done
  case "$command $previous" in
${indented(values, 4)}
    ${cases(files)}) files=yes ;;
    ${cases(others)}) return ;;
    *)
      case "$command $current" in
${indented(flags, 8)}
        *)
          case "$command $place" in
            " 0") words="${manuals.map(([name]) => name).join(" ")}" ;;
${indented(places, 12)}
          esac ;;
      esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ $files ]]; then COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _${program} ${program}`
}

const zshText = (text: string): string => brief(text).replace(/['"\\[\]:`$]/g, "")

/** What _arguments offers; an action that begins with a space is a command of its own. */
const zshAction = (words: ReadonlyArray<string>, takesFile: boolean): string => {
  const list = words.length === 0 ? " " : `(${words.join(" ")})`
  if (!takesFile) return list
  return words.length === 0 ? "_files" : ` _alternative 'words\\:word\\:${list}' 'files\\:file\\:_files'`
}

const zsh = (root: Manual, manuals: Manuals): string => {
  const options = ({ options }: Manual): ReadonlyArray<string> =>
    options.flatMap(({ names, takesFile, takesValue, text, words }) =>
      names.map((name) => `"${name}[${zshText(text)}]${takesValue ? `:value:${zshAction(words, takesFile)}` : ""}" \\`)
    )
  const places = ({ arguments: args }: Manual): ReadonlyArray<string> =>
    args.map(({ takesFile, term, words }, at) =>
      `"${term.endsWith("...") ? "*" : at + 1}:${zshText(term)}:${zshAction(words, takesFile)}" \\`
    )
  return `#compdef ${program}
_${program}() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C \\
${indented(options(root), 4)}
    "1:command:->command" \\
    "*::argument:->argument"
  case $state in
    command)
      local -a commands=(
${indented(manuals.map(([name, { summary }]) => `"${name}:${zshText(summary)}"`), 8)}
      )
      _describe command commands ;;
    argument)
      case $line[1] in
${
    manuals.map(([name, manual]) =>
      `        ${name})\n          _arguments \\\n${
        indented([...options(manual), ...places(manual)], 12)
      }\n          ;;`
    ).join("\n")
  }
      esac ;;
  esac
}
if [[ $funcstack[1] == _${program} ]]; then _${program} "$@"; else compdef _${program} ${program}; fi`
}

const fishText = (text: string): string => `'${brief(text).replace(/[\\']/g, "\\$&")}'`

const fish = (root: Manual, manuals: Manuals): string => {
  const option = (condition: string) => ({ names, takesFile, takesValue, text, words }: Option): string => {
    const spelled = names.map((name) => name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`).join(" ")
    const value = takesFile ? " -r -F" : takesValue ? ` -x -a '${words.join(" ")}'` : ""
    return `complete -c ${program} -n '${condition}' ${spelled}${value} -d ${fishText(text)}`
  }
  const commands = manuals.map(([name]) => name).join(" ")
  const atRoot = `not __fish_seen_subcommand_from ${commands}`
  const places = ([name, { arguments: args }]: Manuals[number]): ReadonlyArray<string> =>
    args.flatMap(({ takesFile, words }, at) => {
      if (words.length === 0) return []
      const before = args.slice(0, at).map(({ words }) => `; and __fish_seen_subcommand_from ${words.join(" ")}`)
      const condition = `__fish_seen_subcommand_from ${name}${before.join("")}; and not __fish_seen_subcommand_from ${
        words.join(" ")
      }`
      return [`complete -c ${program} -n '${condition}' ${takesFile ? "-F " : ""}-a '${words.join(" ")}'`]
    })
  return [
    `complete -c ${program} -f`,
    ...root.options.map(option(atRoot)),
    ...manuals.map(([name, { summary }]) => `complete -c ${program} -n '${atRoot}' -a ${name} -d ${fishText(summary)}`),
    ...manuals.flatMap(([name, { options }]) => options.map(option(`__fish_seen_subcommand_from ${name}`))),
    ...manuals.flatMap(places)
  ].join("\n")
}

const shells: Readonly<Record<string, (root: Manual, manuals: Manuals) => string>> = { bash, zsh, fish }

/** The script for that shell: `source <(switchboard --completions bash)`, and likewise in the others. */
export const script = (
  shell: string,
  root: Manual,
  manuals: Readonly<Record<string, () => Manual>>
): Effect.Effect<string, UsageError> => {
  const write = shells[shell]
  return write === undefined
    ? new UsageError({ message: `There are no completions for '${shell}': ${suggest(shell, Object.keys(shells))}` })
    : Effect.succeed(write(root, Object.entries(manuals).map(([name, manual]) => [name, manual()])))
}
