/** Where `serve --listen` says to listen. */
import * as Either from "effect/Either"
import type { Address } from "../../../domain/Address.js"
import { parse } from "../../../domain/Address.js"
import { networksOf } from "../../../services/node/networks.js"
import type { Origins } from "../../../services/WebSocketServer.js"
import type { Read } from "./Value.js"

/** An address, or a descriptor that whoever started this process has opened: its number, or its name. */
export type ListenPlace =
  | { readonly _tag: "Address"; readonly address: Address }
  | { readonly _tag: "Inherited"; readonly descriptor: string }

const inherited = /^fd:([\w.@-]+)$/

const placeOf = (word: string): ListenPlace | undefined => {
  const [, descriptor] = inherited.exec(word) ?? []
  if (descriptor !== undefined) return { _tag: "Inherited", descriptor }
  const address = parse(word)
  return address === undefined ? undefined : { _tag: "Address", address }
}

/** What stands for no place, where there may be one. */
export const none = "none"

/** One path or several, with commas between them. */
export const files: Read<ReadonlyArray<string>> = (text) =>
  text === none
    ? Either.right([])
    : Either.right(text.split(",").map((word) => word.trim()).filter((word) => word !== ""))

/** What there is, or nothing. */
export const file: Read<string | undefined> = (text) => Either.right(text === none ? undefined : text)

/** One place or several, with commas between them. */
export const listenPlaces: Read<ReadonlyArray<ListenPlace>> = (text) => {
  if (text === none) return Either.right([])
  const words = text.split(",").map((word) => word.trim())
  return Either.mapLeft(
    Either.all(words.map((word) => Either.fromNullable(placeOf(word), () => word))),
    (word) =>
      `cannot be '${word}': a place is tcp://HOST:PORT, tls://HOST:PORT, ws://HOST:PORT/PATH, wss://HOST:PORT/PATH, unix:PATH, unix:@NAME or fd:NAME.`
  )
}

const originOf = (text: string): string | undefined => {
  const origin = URL.canParse(text) ? new URL(text).origin : undefined
  return origin === undefined || origin === "null" ? undefined : origin
}

/** Which pages may connect. */
export const origins: Read<Origins> = (text) =>
  text === "loopback" || text === "any"
    ? Either.right(text)
    : Either.mapLeft(
      Either.all(text.split(",").map((word) => Either.fromNullable(originOf(word.trim()), () => word.trim()))),
      (word) => `must be loopback, any, or origins such as https://example.org, not '${word}'.`
    )

/** Permissions as chmod(1) writes them, in octal; `none` for what the umask leaves. */
export const socketMode: Read<number | undefined> = (text) => {
  if (text === none) return Either.right(undefined)
  return /^0?[0-7]{3}$/.test(text)
    ? Either.right(Number.parseInt(text, 8))
    : Either.left(`must be three octal digits, such as 660, not '${text}'.`)
}

/** A user and a group by number, as chown(1) has them; `none` for this process's own. */
export const socketOwner: Read<{ readonly uid: number; readonly gid: number } | undefined> = (text) => {
  if (text === none) return Either.right(undefined)
  const [, uid, gid] = /^(\d{1,10}):(\d{1,10})$/.exec(text) ?? []
  return uid === undefined
    ? Either.left(`must be the numbers of a user and a group, such as 1000:1000, not '${text}'.`)
    : Either.right({ uid: Number(uid), gid: Number(gid) })
}

/** Addresses and networks, with commas between them; `none` where there are none. */
export const networks: Read<ReadonlyArray<string> | undefined> = (text) => {
  if (text === none) return Either.right(undefined)
  const words = text.split(",").map((word) => word.trim())
  return Either.try({
    try: () => {
      networksOf(words)
      return words
    },
    catch: (error) => `cannot be '${text}': ${(error as RangeError).message}.`
  })
}
