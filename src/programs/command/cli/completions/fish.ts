import type { Manual, Option } from "../Manual.js"
import type { Manuals } from "./words.js"
import { brief, program } from "./words.js"

const quoted = (text: string): string => `'${brief(text).replace(/[\\']/g, "\\$&")}'`

const places = ([name, { arguments: args }]: Manuals[number]): ReadonlyArray<string> =>
  args.flatMap(({ takesFile, term, words }, at) => {
    if (words.length === 0) return []
    const before = args.slice(0, at).map(({ words }) => `; and __fish_seen_subcommand_from ${words.join(" ")}`)
    const once = term.endsWith("...") ? "" : `; and not __fish_seen_subcommand_from ${words.join(" ")}`
    const condition = `__fish_seen_subcommand_from ${name}${before.join("")}${once}`
    return [`complete -c ${program} -n '${condition}' ${takesFile ? "-F " : ""}-a '${words.join(" ")}'`]
  })

export const fish = (root: Manual, manuals: Manuals): string => {
  const option =
    (condition: string) => ({ isRepeatable, names, takesFile, takesValue, text, words }: Option): string => {
      const once = names.map((name) => name.startsWith("--") ? name.slice(2) : `-s ${name.slice(1)}`).join(" ")
      // The condition holds for its value, too.
      const when = isRepeatable || takesValue ? condition : `${condition}; and not __fish_contains_opt ${once}`
      const spelled = names.map((name) => name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`).join(
        " "
      )
      const value = takesFile ? " -r -F" : takesValue ? ` -x -a '${words.join(" ")}'` : ""
      return `complete -c ${program} -n '${when}' ${spelled}${value} -d ${quoted(text)}`
    }
  const commands = manuals.map(([name]) => name).join(" ")
  const atRoot = `not __fish_seen_subcommand_from ${commands}`
  return [
    `complete -c ${program} -f`,
    ...root.options.map(option(atRoot)),
    ...manuals.map(([name, { summary }]) => `complete -c ${program} -n '${atRoot}' -a ${name} -d ${quoted(summary)}`),
    ...manuals.flatMap(([name, { options }]) => options.map(option(`__fish_seen_subcommand_from ${name}`))),
    ...manuals.flatMap(places)
  ].join("\n")
}
