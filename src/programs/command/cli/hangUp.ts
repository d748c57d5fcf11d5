/**
 * Whether the command was started with SIGHUP ignored, as by nohup: then it is to live on when its terminal is closed.
 * Node forgets at its start what it had inherited, so that it must be known by its traces.
 */
import { readFileSync, readlinkSync } from "node:fs"
import { basename } from "node:path"

/** The SIGHUP of a set of signals, as Linux prints them: in hexadecimal, the first signal being the lowest bit. */
const hasHangUp = (signals: string): boolean => (Number.parseInt(signals.slice(-1), 16) & 1) === 1

const attempt = (look: () => boolean): boolean => {
  try {
    return look()
  } catch {
    // There is no /proc here, or no such process any more.
    return false
  }
}

/** Shells tell in `_` which program they ran: a nohup that became this one. */
const isNamed = (environment: Readonly<Record<string, string | undefined>>): boolean =>
  basename(environment["_"] ?? "") === "nohup"

/** In the place of a terminal nohup gives an input that cannot be read. */
const isInputClosed = (): boolean =>
  attempt(() =>
    readlinkSync("/proc/self/fd/0") === "/dev/null"
    && /^flags:\s+\d*1$/m.test(readFileSync("/proc/self/fdinfo/0", "utf8"))
  )

/** Who ignores it hands that down: `trap '' HUP` in a script, or a script that runs under nohup. */
const isInherited = (): boolean =>
  attempt(() =>
    hasHangUp(/^SigIgn:\s*([\da-f]+)$/m.exec(readFileSync(`/proc/${process.ppid}/status`, "utf8"))?.[1] ?? "0")
  )

export const isIgnored = (environment: Readonly<Record<string, string | undefined>>): boolean =>
  isNamed(environment) || isInputClosed() || isInherited()
