/** `--help`. */
import type pc from "picocolors"
import wrapAnsi from "wrap-ansi"
import { variable } from "../arguments/Setting.js"
import { meanings } from "./ExitCode.js"
import type { Item, Manual } from "./Manual.js"
import { usage } from "./Manual.js"

/** Columns of a line, and of its terms. */
const width = 100
const mostTerm = 28

/** Terms and their texts side by side, or the one below the other where the term is long. */
const columns = (items: ReadonlyArray<Item>, paint: (term: string) => string): string => {
  const indent = Math.max(...items.map(({ term }) => term.length).filter((length) => length <= mostTerm)) + 4
  return items.map(({ term, text }) => {
    const lines = wrapAnsi(text, width - indent).replaceAll("\n", `\n${" ".repeat(indent)}`)
    return term.length <= mostTerm
      ? `  ${paint(term)}${" ".repeat(indent - 2 - term.length)}${lines}`
      : `  ${paint(term)}\n${" ".repeat(indent)}${lines}`
  }).join("\n")
}

const exitCodes: ReadonlyArray<Item> = meanings.map(([term, text]) => ({ term, text }))

export const settings = (manual: Manual): string =>
  manual.options.some(({ isSetting }) => isSetting)
    ? `Each option with a default may also stand in the environment, such as ${variable("port")}, and in `
      + "switchboard.json, .yaml, .yml or .toml in this folder or in the XDG config folder, such as port: 5000. "
      + "An option comes before the environment, and that before the file."
    : ""

/** The help of a command, which may have commands of its own. */
export const text = (
  manual: Manual,
  commands: ReadonlyArray<Manual>,
  { bold, cyan }: ReturnType<typeof pc.createColors>
): string => {
  const section = (title: string, body: string): ReadonlyArray<string> => body === "" ? [] : [`${bold(title)}\n${body}`]
  const list = (title: string, items: ReadonlyArray<Item>): ReadonlyArray<string> =>
    items.length === 0 ? [] : section(title, columns(items, cyan))
  return [
    wrapAnsi(manual.summary, width),
    ...section("Usage", commands.length === 0 ? `  ${usage(manual)}` : `  ${manual.name} COMMAND [OPTION]...`),
    ...section("Examples", manual.examples.map(({ term, text }) => `  ${cyan(term)}\n      ${text}`).join("\n")),
    ...list(
      "Commands",
      commands.map(({ name, summary }) => ({ term: name.slice(manual.name.length + 1), text: summary }))
    ),
    ...list("Arguments", manual.arguments),
    ...list("Options", manual.options),
    ...section("Settings", wrapAnsi(settings(manual), width - 2).replaceAll(/^(?=.)/gm, "  ")),
    ...list("Exit codes", exitCodes)
  ].join("\n\n")
}
