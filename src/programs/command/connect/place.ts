import * as Effect from "effect/Effect"
import type { Address } from "../../../domain/Address.js"
import type { Chosen } from "../arguments/Setting.js"
import { UsageError } from "../arguments/UsageError.js"

/** Such as `localhost:1234`, `[::1]:1234`, or what `serve` prints: `tcp://127.0.0.1:1234`. */
const pattern = /^(?:tcp:\/\/)?(?:\[([\da-f:.]+)\]|([^\s:/[\]]+)):(\d+)$/i

/** The place that a word is; undefined for one that is none. */
export const placeOf = (word: string): Address | undefined => {
  const [, literal, name, port] = pattern.exec(word) ?? []
  const host = literal ?? name
  return host === undefined ? undefined : { host, port: Number(port) }
}

export interface Words {
  readonly protocol: string
  readonly messages: ReadonlyArray<string>
}

/** Where to connect to, and what else there is to say: the first word may be the place, and then the others move up. */
export const withPlace = (
  { messages, protocol }: Words,
  host: Chosen<string>,
  port: Chosen<number>,
  defaultProtocol: string
): Effect.Effect<Words & Address, UsageError> => {
  const place = placeOf(protocol)
  if (place === undefined) return Effect.succeed({ protocol, messages, host: host.value, port: port.value })
  const flag = [host, port].find(({ source }) => source.startsWith("--"))
  if (flag !== undefined) {
    return new UsageError({ message: `${flag.source} says once more what ${protocol} says: leave out one of them.` })
  }
  if (place.port > 65_535) {
    return new UsageError({ message: `${protocol} is no place: a port is a number from 0 to 65535.` })
  }
  return Effect.succeed({ ...place, protocol: messages[0] ?? defaultProtocol, messages: messages.slice(1) })
}
