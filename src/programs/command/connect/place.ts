import * as Effect from "effect/Effect"
import type { Address } from "../../../domain/Address.js"
import { parse } from "../../../domain/Address.js"
import type { Chosen } from "../arguments/Setting.js"
import { UsageError } from "../arguments/UsageError.js"

/** What looks like a place, and is none. */
const outOfRange = /^(?:t(?:cp|ls):\/\/)?(?:\[[\da-f:.]+\]|[^\s:/[\]]+):\d+$|^wss?:\/\//i

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
  const address = parse(protocol)
  if (address === undefined) {
    return outOfRange.test(protocol)
      ? new UsageError({ message: `${protocol} is no place: a port is a number from 0 to 65535.` })
      : Effect.succeed({ protocol, messages, host: host.value, port: port.value })
  }
  const flag = [host, port].find(({ source }) => source.startsWith("--"))
  if (flag !== undefined) {
    return new UsageError({ message: `${flag.source} says once more what ${protocol} says: leave out one of them.` })
  }
  return Effect.succeed({ ...address, protocol: messages[0] ?? defaultProtocol, messages: messages.slice(1) })
}
