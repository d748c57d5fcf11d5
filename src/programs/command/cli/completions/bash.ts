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
  const again = names(all.flatMap(([, { options }]) => options.filter(({ isRepeatable }) => isRepeatable)))
  const flags = all.map(([name, { options }]) => `"${name} -"*) flags="${names(options)}" ;;`)
  const places = manuals.flatMap(([name, manual]) =>
    manual.arguments.flatMap(({ takesFile, term, words }, at) =>
      words.length === 0 && !takesFile
        ? []
        : [
          `"${name} "${term.endsWith("...") ? "*" : at}) words="${words.join(" ")}"${takesFile ? "; files=yes" : ""} ;;`
        ]
    )
  )
  // Bash takes `--framing=line` for three words, unless its user has told it otherwise.
  return `_${program}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local command= place=0 rest= prefix= words= flags= files= word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $rest ]]; then ((place++)); continue; fi
    case "$command $word" in
      *" --") rest=yes ;;
      ${cases(taking)})
        [[ \${COMP_WORDS[i+1]} == "=" ]] && ((i++))
        ((i++)) ;;
      *" -"*) ;;
      " "*) command=$word ;;
      *) ((place++)) ;;
    esac
  done
  if [[ $rest ]]; then previous= flags=
  elif [[ $current == "=" ]]; then current=
  elif [[ $previous == "=" ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}
  elif [[ $current == --*=* ]]; then previous=\${current%%=*} prefix=$previous= current=\${current#*=}
  fi
  case "$command $previous" in
${indented(values, 4)}
    ${cases(files)}) files=yes ;;
    ${cases(others)}) return ;;
    *)
      case "$command$rest $current" in
${indented(flags, 8)}
        *)
          case "$command $place" in
            " 0") words="${manuals.map(([name]) => name).join(" ")}" ;;
${indented(places, 12)}
          esac ;;
      esac ;;
  esac
  for word in $flags; do
    [[ " \${COMP_WORDS[*]:1:COMP_CWORD-1} " == *" $word "* && " ${again} " != *" $word "* ]] || words+=" $word"
  done
  local IFS=$'\\n'
  COMPREPLY=($(compgen -P "$prefix" -W "\${words// /$'\\n'}" -- "$current"))
  if [[ $files ]]; then
    COMPREPLY+=($(compgen -P "$prefix" -f -- "$current"))
    # What is quoted, bash knows best how to read.
    [[ \${COMPREPLY[*]} ]] || compopt -o default 2> /dev/null
  fi
}
complete -o filenames -F _${program} ${program}`
}
