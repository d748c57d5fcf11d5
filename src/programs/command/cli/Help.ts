/** `--help`. */
import type pc from "picocolors"
import wrapAnsi from "wrap-ansi"
import { variable } from "../arguments/Setting.js"
import { meanings } from "./ExitCode.js"
import type { Item, Manual } from "./Manual.js"
import { usage } from "./Manual.js"

/** The widest that lines are easily read at. */
export const widest = 100

/** A term that is longer stands on a line of its own; so do all where there is little room. */
const mostTerm = 28
const narrow = 60

/** A term that is too long for a line is broken where it lists what to choose from. */
const broken = (term: string, width: number): string => {
  if (term.length <= width) return term
  const [first = "", ...rest] = term.split(/(?<=\|)/)
  return rest.reduce(
    (lines, word) =>
      (lines.slice(lines.lastIndexOf("\n") + 1) + word).length <= width ? lines + word : `${lines}\n  ${word}`,
    first
  )
}

const indented = (text: string, by: number): string => text.replaceAll(/^(?=.)/gm, " ".repeat(by))

/** Terms and their texts side by side, or the one below the other. */
const columns = (items: ReadonlyArray<Item>, width: number, paint: (term: string) => string): string => {
  const most = width < narrow ? 0 : mostTerm
  const terms = items.map(({ term }) => term.length).filter((length) => length <= most)
  const indent = Math.max(2, ...terms) + 4
  return items.map(({ term, text }) => {
    const body = indented(wrapAnsi(text, width - indent), indent)
    if (term.length > most) return `${indented(paint(broken(term, width - 2)), 2)}\n${body}`.trimEnd()
    return `  ${paint(term)}${body.slice(2 + term.length)}`
  }).join("\n")
}

const exitCodes: ReadonlyArray<Item> = meanings.map(([term, text]) => ({ term, text }))

export const settings = (manual: Manual): string =>
  manual.options.some(({ isSetting }) => isSetting)
    ? `Each option with a default may also stand in the environment, such as ${variable("port")}, and in `
      + "switchboard.json, .yaml, .yml or .toml in this folder or in the XDG config folder, such as port: 5000. "
      + "An option comes before the environment, and that before the file."
    : ""

/** The help of a command, which may have commands of its own. Examples are to be pasted, so they are not broken. */
export const text = (
  manual: Manual,
  commands: ReadonlyArray<Manual>,
  width: number,
  { bold, cyan }: ReturnType<typeof pc.createColors>
): string => {
  const section = (title: string, body: string): ReadonlyArray<string> => body === "" ? [] : [`${bold(title)}\n${body}`]
  const list = (title: string, items: ReadonlyArray<Item>): ReadonlyArray<string> =>
    items.length === 0 ? [] : section(title, columns(items, width, cyan))
  return [
    wrapAnsi(manual.summary, width),
    ...section(
      "Usage",
      indented(wrapAnsi(commands.length === 0 ? usage(manual) : `${manual.name} COMMAND [OPTION]...`, width - 2), 2)
    ),
    ...section(
      "Examples",
      manual.examples.map(({ term, text }) => `  ${cyan(term)}\n${indented(wrapAnsi(text, width - 6), 6)}`).join("\n")
    ),
    ...list(
      "Commands",
      commands.map(({ name, summary }) => ({ term: name.slice(manual.name.length + 1), text: summary }))
    ),
    ...list("Arguments", manual.arguments),
    ...list("Options", manual.options),
    ...section("Settings", indented(wrapAnsi(settings(manual), width - 2), 2)),
    ...list("Exit codes", exitCodes)
  ].join("\n\n")
}
