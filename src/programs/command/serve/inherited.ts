/** Sockets that systemd, or whoever speaks its protocol, has opened for this process (sd_listen_fds(3)). */
import * as Effect from "effect/Effect"
import { UsageError } from "../arguments/UsageError.js"

/** The first of them: before it are standard input, output and error. */
const first = 3

export interface Inherited {
  readonly fd: number
  readonly name: string
}

/** Those that are meant for this process, by number and by name. */
export const inherited = (
  { LISTEN_FDNAMES = "", LISTEN_FDS, LISTEN_PID }: Readonly<Record<string, string | undefined>>,
  pid: number
): ReadonlyArray<Inherited> => {
  if (Number(LISTEN_PID) !== pid) return []
  const names = LISTEN_FDNAMES.split(":")
  return Array.from({ length: Number(LISTEN_FDS) || 0 }, (_, index) => ({
    fd: first + index,
    name: names[index] ?? ""
  }))
}

/** Those that a word of `--listen` means: a number is that descriptor, whoever has opened it; several may have one name. */
export const named = (
  word: string,
  those: ReadonlyArray<Inherited>
): Effect.Effect<ReadonlyArray<number>, UsageError> => {
  if (/^\d+$/.test(word)) return Effect.succeed([Number(word)])
  const found = those.filter(({ name }) => name === word)
  if (found.length > 0) return Effect.succeed(found.map(({ fd }) => fd))
  const names = Array.from(new Set(those.map(({ name }) => name)))
  return new UsageError({
    message: names.length === 0
      ? `fd:${word} was not handed to this process: LISTEN_FDS and LISTEN_PID say of no descriptors.`
      : `fd:${word} was not handed to this process: it has ${names.map((name) => `fd:${name}`).join(", ")}.`
  })
}
