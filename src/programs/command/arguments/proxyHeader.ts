/** How `connect` speaks as a proxy does: for whoever tries a server that stands behind one. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { isIP } from "node:net"
import type { Address } from "../../../domain/Address.js"
import { parse } from "../../../domain/Address.js"
import type { ProxyHeader } from "../../../services/NodeConnector.js"
import { once } from "./Setting.js"
import { UsageError } from "./UsageError.js"
import type { Read } from "./Value.js"
import * as Value from "./Value.js"

/** Whom the connection is for: an IP address with its port, a unix socket, or nobody. */
const sourceOf: Read<Address | "none"> = (text) => {
  if (text === "none") return Either.right(text)
  const address = parse(text)
  return address === undefined || (address.host !== undefined && isIP(address.host) === 0)
    ? Either.left(`must be an IP address and a port, such as 192.0.2.7:4321 or [2001:db8::7]:4321, not '${text}'.`)
    : Either.right(address)
}

export const version = once(
  "proxy-protocol",
  "v1|v2",
  "Begin by the PROXY protocol, as a proxy in front of the server does: a line of text (v1), or in binary (v2).",
  Value.oneOf(["v1", "v2"])
)

export const source = once(
  "proxy-source",
  "HOST:PORT",
  "With --proxy-protocol: the client that is spoken for, by its IP address; none for a connection of the proxy's own. Without it: this end.",
  sourceOf
)

/** The header that the two make, if there is one. */
export const header = (
  version: "v1" | "v2" | undefined,
  source: Address | "none" | undefined
): Effect.Effect<ProxyHeader | undefined, UsageError> => {
  if (version !== undefined) return Effect.succeed({ version: version === "v1" ? 1 : 2, source })
  return source === undefined
    ? Effect.succeed(undefined)
    : new UsageError({ message: "--proxy-source goes with --proxy-protocol v1 or v2: add one of them." })
}
