import { readFileSync } from "node:fs"
import type { ReadStream } from "node:tty"

/** Whether the terminal is this job's: it stops others that change it. Where there is no telling, it is. */
export const isForeground = (): boolean => {
  try {
    // Behind the name, which may hold anything: the state, the parent, the group, the session, the terminal, its group.
    const [, , group, , , foreground] = readFileSync("/proc/self/stat", "utf8").replace(/^.*\) /s, "").split(" ")
    return group === foreground
  } catch {
    return true
  }
}

/**
 * What Ctrl+Z does where the terminal leaves it to the program: gives the terminal back and stops, with whoever
 * started it in the same job, such as `npx`.
 */
export const suspend = (terminal: ReadStream): void => {
  terminal.setRawMode(false)
  process.kill(0, "SIGTSTP")
}

/** Calls back when the job comes back, whoever stopped it. A shell has the terminal as it likes it by then. */
export const onResume = (terminal: ReadStream, resumed: () => void): () => void => {
  const listener = (): void => {
    terminal.setRawMode(false)
    terminal.setRawMode(true)
    resumed()
  }
  process.on("SIGCONT", listener)
  return () => process.off("SIGCONT", listener)
}
