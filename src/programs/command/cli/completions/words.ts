/** What the completions of all shells have in common. */
import type { Manual } from "../Manual.js"

/** The subcommands by name. */
export type Manuals = ReadonlyArray<readonly [name: string, manual: Manual]>

export const program = "switchboard"

export const indented = (lines: ReadonlyArray<string>, by: number): string =>
  lines.map((line) => `${" ".repeat(by)}${line}`).join("\n")

/** The first sentence, or what fits beside a word. */
export const brief = (text: string): string => text.split(/[.:;] |\.$/, 1)[0] ?? text
