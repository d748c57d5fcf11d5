import { words } from "./commands.js"

/** Whether a name of the calculator may end here, such as `sq` or `math.sq`. */
const name = /[A-Za-z_][\w.]*$/

/** What a line can be completed to, and the part of it that is completed. */
export type Completion = [hits: Array<string>, part: string]

/**
 * What Tab makes of a line up to the cursor: a command of the prompt, one of `names` in an expression, or a line that was
 * typed before, `history`.
 */
export const complete = (
  line: string,
  names: ReadonlyArray<string>,
  history: ReadonlyArray<string>
): Completion => {
  if (line.trim() === "") return [[], line]
  const commands = words.filter((word) => word.startsWith(line))
  if (commands.length > 0) return [commands, line]
  const part = name.exec(line)?.[0] ?? ""
  const named = part === "" ? [] : names.filter((name) => name.startsWith(part))
  return named.length > 0 ? [named, part] : [history.filter((earlier) => earlier.startsWith(line)), line]
}
