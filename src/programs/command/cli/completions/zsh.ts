import type { Manual } from "../Manual.js"
import type { Manuals } from "./words.js"
import { brief, indented, program } from "./words.js"

const plain = (text: string): string => brief(text).replace(/['"\\[\]:`$]/g, "")

/** What _arguments offers; an action that begins with a space is a command of its own. */
const action = (words: ReadonlyArray<string>, takesFile: boolean): string => {
  const list = words.length === 0 ? " " : `(${words.join(" ")})`
  if (!takesFile) return list
  return words.length === 0 ? "_files" : ` _alternative 'words\\:word\\:${list}' 'files\\:file\\:_files'`
}

export const zsh = (root: Manual, manuals: Manuals): string => {
  const options = ({ options }: Manual): ReadonlyArray<string> =>
    options.flatMap(({ isRepeatable, names, takesFile, takesValue, text, words }) =>
      names.map((name) =>
        `"${isRepeatable ? "*" : ""}${name}${takesValue ? "=" : ""}[${plain(text)}]${
          takesValue ? `:value:${action(words, takesFile)}` : ""
        }" \\`
      )
    )
  const places = ({ arguments: args }: Manual): ReadonlyArray<string> =>
    args.map(({ takesFile, term, words }, at) =>
      `"${term.endsWith("...") ? "*" : at + 1}:${plain(term)}:${action(words, takesFile)}" \\`
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
${indented(manuals.map(([name, { summary }]) => `"${name}:${plain(summary)}"`), 8)}
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
if [[ $funcstack[1] == _${program} ]]; then
  _${program} "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
  compdef _${program} ${program}
fi`
}
