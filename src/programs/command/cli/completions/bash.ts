import type { Manual, Option } from "../Manual.js"
import type { Manuals } from "./words.js"
import { indented, program } from "./words.js"

const names = (options: ReadonlyArray<Option>): string => options.flatMap(({ names }) => names).join(" ")

const cases = (options: ReadonlyArray<{ readonly case: string }>): string =>
  options.map((option) => option.case).join("|")

export const bash = (root: Manual, manuals: Manuals): string => {
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
