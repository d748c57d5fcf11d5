/** Where `serve --listen` says to listen. */
import * as Either from "effect/Either"
import type { Address } from "../../../domain/Address.js"
import { parse } from "../../../domain/Address.js"
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

/** One place or several, with commas between them. */
export const listenPlaces: Read<ReadonlyArray<ListenPlace>> = (text) => {
  if (text === none) return Either.right([])
  const words = text.split(",").map((word) => word.trim())
  return Either.mapLeft(
    Either.all(words.map((word) => Either.fromNullable(placeOf(word), () => word))),
    (word) => `cannot be '${word}': a place is tcp://HOST:PORT, unix:PATH, unix:@NAME or fd:NAME.`
  )
}

/** Permissions as chmod(1) writes them, in octal; `none` for what the umask leaves. */
export const socketMode: Read<number | undefined> = (text) => {
  if (text === none) return Either.right(undefined)
  return /^0?[0-7]{3}$/.test(text)
    ? Either.right(Number.parseInt(text, 8))
    : Either.left(`must be three octal digits, such as 660, not '${text}'.`)
}
