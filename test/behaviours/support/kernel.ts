import { readFileSync } from "node:fs"

/** One side of a TCP connection, as Linux knows it (proc(5), /proc/net/tcp). */
interface Established {
  /** Bytes that have come and that the process has not read. */
  readonly unread: number
  /** Seconds until the keep-alive timer asks whether the peer is there, if it runs. */
  readonly keepAlive: number | undefined
}

/** Linux counts a second in so many jiffies here, whatever its own clock does. */
const jiffies = 100

/** The established connections of a local port. */
export const establishedAt = (port: number): ReadonlyArray<Established> =>
  readFileSync("/proc/net/tcp", "utf8").split("\n").slice(1)
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(`:${hexadecimal(port)}`) === true && state === "01")
    .map(([, , , , queues = "", timer = ""]) => {
      const [kind, when = ""] = timer.split(":")
      return {
        unread: parseInt(queues.split(":")[1] ?? "", 16),
        keepAlive: kind === "02" ? parseInt(when, 16) / jiffies : undefined
      }
    })

const hexadecimal = (port: number): string => port.toString(16).toUpperCase().padStart(4, "0")
