/**
 * Arguments. What stands after `--` is one whatever it looks like; but @effect/cli takes `--help` and its like for itself
 * even there, so until it has parsed them they bear a mark, which no argument of a process can have.
 */
import * as Args from "@effect/cli/Args"

const mark = "\0"

/** The words of a command line, those after `--` marked. */
export const marked = (words: ReadonlyArray<string>): ReadonlyArray<string> => {
  const end = words.indexOf("--")
  return end < 0 ? words : words.map((word, i) => i > end ? mark + word : word)
}

/** An argument, without its mark. */
export const text = (name: string): Args.Args<string> =>
  Args.map(Args.text({ name }), (word) => word.startsWith(mark) ? word.slice(1) : word)
