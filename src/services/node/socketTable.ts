/** What Linux lists of the sockets of a network namespace (proc(5)), for those that others have made. */
import { fstatSync, lstatSync, readFileSync } from "node:fs"

/** The columns of a socket's row up to its inode, and what is behind that; undefined where it is in no such list. */
const rowOf = (descriptor: number, list: string, columns: number): ReadonlyArray<string> | undefined => {
  try {
    const { ino } = fstatSync(descriptor)
    const row = new RegExp(`^ *((?:\\S+ +){${columns}})${ino}\\b ?(.*)$`, "m")
    const [, before = "", behind = ""] = row.exec(readFileSync(`/proc/net/${list}`, "utf8")) ?? []
    return before === "" ? undefined : [...before.trim().split(/ +/), behind]
  } catch {
    return undefined
  }
}

const unixColumns = 6
const tcpColumns = 9

/** Of a unix socket's flags. */
const accepts = 0x10000
/** A state of TCP. */
const listening = "0A"

const isSocket = (path: string): boolean => {
  try {
    return lstatSync(path).isSocket()
  } catch {
    return false
  }
}

/**
 * What a unix socket is bound to. Undefined where that is no path to a socket from here: it may be relative to another
 * folder, of another root, or have been removed.
 */
export const unixPathOf = (descriptor: number): string | undefined => {
  const path = rowOf(descriptor, "unix", unixColumns)?.at(-1)
  // An abstract name begins with a NUL, shown as @; Node and others fill it up with more of them.
  if (path?.startsWith("@") === true) return `\0${path.slice(1).replace(/@+$/, "")}`
  return path?.startsWith("/") === true && isSocket(path) ? path : undefined
}

/** Whether a socket listens, and is no connection. */
export const isListening = (descriptor: number): boolean => {
  const flags = rowOf(descriptor, "unix", unixColumns)?.[3]
  if (flags !== undefined) return (Number.parseInt(flags, 16) & accepts) !== 0
  return ["tcp", "tcp6"].some((list) => rowOf(descriptor, list, tcpColumns)?.[3] === listening)
}
