import { writeSync } from "node:fs"

const end = (error: NodeJS.ErrnoException): void => {
  if (error.code === "EPIPE") process.exit(0)
  try {
    writeSync(2, `switchboard: The output cannot be written (${error.code ?? error.message}).\n`)
  } catch {
    // The same disk is full: the code says it, too.
  }
  process.exit(1)
}

/**
 * What happens when stdout takes no more: a reader that has seen enough (`| head`) ends the program quietly, a disk that
 * is full ends it with a sentence and code 1. To the very end: that a write has failed is told after it.
 */
export const watch = (): void => {
  process.stdout.on("error", end)
  // What cannot be said need not be known: the code says how it ended.
  process.stderr.on("error", () => {})
}
