/** What makes a shell complete the command: its subcommands, options, models and protocols. */
import * as Effect from "effect/Effect"
import { suggest } from "../arguments/spelling.js"
import { UsageError } from "../arguments/UsageError.js"
import { bash } from "./completions/bash.js"
import { fish } from "./completions/fish.js"
import type { Manuals } from "./completions/words.js"
import { zsh } from "./completions/zsh.js"
import type { Manual } from "./Manual.js"

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
