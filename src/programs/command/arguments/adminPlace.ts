/** Where `serve --admin` says that the admin port is. */
import * as Either from "effect/Either"
import type { Address } from "../../../domain/Address.js"
import { parse } from "../../../domain/Address.js"
import { none } from "./listenPlace.js"
import type { Read } from "./Value.js"

/** `HOST:PORT`, or `unix:PATH`; `none` where there is to be none. */
export const adminPlace: Read<Address | undefined> = (text) => {
  if (text === none) return Either.right(undefined)
  const address = parse(text.replace(/^http:\/\//i, ""))
  return address === undefined || address.tls !== undefined || address.webSocket !== undefined
    ? Either.left(`cannot be '${text}': a place for it is HOST:PORT, such as 127.0.0.1:9090, or unix:PATH.`)
    : Either.right(address)
}

/** The URL of a collector; `none` where there is none. */
export const collector: Read<string | undefined> = (text) => {
  if (text === none) return Either.right(undefined)
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === "http:" || url?.protocol === "https:"
    ? Either.right(text.replace(/\/$/, ""))
    : Either.left(`must be the URL of a collector, such as http://127.0.0.1:4318, not '${text}'.`)
}
