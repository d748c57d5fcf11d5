/** The man page, in the language of man(7). */
import { manual, manuals, version } from "./commands.js"
import { meanings } from "./ExitCode.js"
import { settings } from "./Help.js"
import type { Item, Manual } from "./Manual.js"
import { usage } from "./Manual.js"

const escape = (text: string): string =>
  text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll(/^(['.])/gm, "\\&$1")

const list = (items: ReadonlyArray<Item>): ReadonlyArray<string> =>
  items.flatMap(({ term, text }) => [".TP", `.B "${escape(term.replaceAll(`"`, "''"))}"`, escape(text)])

const examples = (items: ReadonlyArray<Item>): ReadonlyArray<string> =>
  items.flatMap(({ term, text }) => [".PP", escape(text), ".PP", ".RS 4", ".nf", escape(term), ".fi", ".RE"])

const section = (manual: Manual): ReadonlyArray<string> => [
  `.SS "${escape(usage(manual))}"`,
  escape(manual.summary),
  ...list(manual.arguments),
  ...list(manual.options),
  ...examples(manual.examples)
]

/** The page of the command and all its subcommands. */
export const page = (): string => {
  const root = manual()
  const subcommands = Object.values(manuals).map((manual) => manual())
  return [
    `.TH SWITCHBOARD 1 "" "switchboard ${version}" "User Commands"`,
    ".SH NAME",
    `switchboard \\- ${escape(root.summary)}`,
    ".SH SYNOPSIS",
    ...subcommands.flatMap((manual) => [`.B ${escape(usage(manual))}`, ".br"]),
    ".SH EXAMPLES",
    ...examples(root.examples),
    ".SH OPTIONS",
    ...list(root.options),
    ".SH COMMANDS",
    ...subcommands.flatMap(section),
    ".SH SETTINGS",
    ...subcommands.slice(0, 1).map((manual) => escape(settings(manual))),
    ".SH EXIT STATUS",
    ...list(meanings.map(([term, text]) => ({ term, text }))),
    ""
  ].join("\n")
}
