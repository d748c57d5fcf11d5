/** The connection that inetd, or whoever does as it does, has accepted and handed over as standard input. */
import * as Effect from "effect/Effect"
import type { Stats } from "node:fs"
import { closeSync, fstatSync, openSync } from "node:fs"
import { isatty } from "node:tty"
import { isListening } from "../../../services/node/socketTable.js"
import type { Chosen } from "../arguments/Setting.js"
import { UsageError } from "../arguments/UsageError.js"

const stdin = 0
const stderr = 2

const kindOf = (stats: Stats): string => {
  if (isatty(stdin)) return "a terminal"
  if (stats.isSocket()) return "a socket that listens, which is for --listen fd:0"
  return stats.isFIFO() ? "a pipe" : stats.isFile() ? "a file" : "a device"
}

/** Inetd makes standard error the same socket, too, where a log would stand between the replies: then nobody hears it. */
const silenceLog = ({ dev, ino }: Stats): void => {
  const log = fstatSync(stderr)
  if (log.dev !== dev || log.ino !== ino) return
  closeSync(stderr)
  // The lowest number that is free is the one just closed.
  openSync("/dev/null", "w")
}

/** The descriptor of the connection; `others` say where else to listen. */
export const standardInput = (
  others: ReadonlyArray<Chosen<unknown>>,
  { source }: Chosen<boolean>
): Effect.Effect<number, UsageError> =>
  Effect.suspend(() => {
    const other = others.find(({ source }) => source.startsWith("--"))
    if (other !== undefined) {
      return new UsageError({
        message:
          `${other.source} does not go with ${source}, which serves the connection that there is: leave out one of them.`
      })
    }
    const stats = fstatSync(stdin)
    if (!stats.isSocket() || isListening(stdin)) {
      return new UsageError({
        message:
          `${source} needs a connection as standard input, as inetd, systemd and socat hand it over; this one is ${
            kindOf(stats)
          }.`
      })
    }
    silenceLog(stats)
    return Effect.succeed(stdin)
  })
