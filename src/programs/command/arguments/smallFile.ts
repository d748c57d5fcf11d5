/** A file that somebody else may have put there: a pipe, a device or an endless one is not waited for, and not read. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs"

/** Bytes. */
const most = 1_048_576

/** There is such a file, and it is not one to read. */
export class Unreadable extends Data.TaggedError("Unreadable")<{
  /** How a sentence goes on that began with the file. */
  readonly reason: string
  /** Such as `ENOENT`. */
  readonly code: string | undefined
}> {}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "is not there.",
  ENOTDIR: "is not there: a part of its path is no folder.",
  EACCES: "may not be read by this user.",
  EISDIR: "is a folder.",
  ELOOP: "is a link that leads back to itself."
}

const failed = (cause: unknown): Unreadable => {
  const { code, message } = cause as NodeJS.ErrnoException
  return new Unreadable({ reason: reasons[code ?? ""] ?? `cannot be read: ${message}.`, code })
}

const refused = (reason: string): Unreadable => new Unreadable({ reason, code: undefined })

/** The text of a regular file of at most 1 MiB. */
export const read = (path: string): Effect.Effect<string, Unreadable> =>
  Effect.acquireUseRelease(
    // Not to wait for who writes to a pipe.
    Effect.try({ try: () => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), catch: failed }),
    (fd) =>
      Effect.flatMap(
        Effect.try({ try: () => fstatSync(fd), catch: failed }),
        (stats): Effect.Effect<string, Unreadable> => {
          if (stats.isDirectory()) return refused(reasons.EISDIR!)
          if (!stats.isFile()) return refused("is no regular file: a pipe or a device is not read.")
          const bytes = Buffer.allocUnsafe(most + 1)
          return Effect.flatMap(
            Effect.try({ try: () => readSync(fd, bytes), catch: failed }),
            (length) =>
              length > most ? refused("is larger than 1 MiB.") : Effect.succeed(bytes.toString("utf8", 0, length))
          )
        }
      ),
    (fd) => Effect.sync(() => closeSync(fd))
  )
