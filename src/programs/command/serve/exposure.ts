/** What a server lets strangers do. */
import type { Address } from "../../../domain/Address.js"
import { format } from "../../../domain/Address.js"
import { isIn, networksOf } from "../../../services/node/networks.js"
import type { Chosen } from "../arguments/Setting.js"

/** The settings that say who strangers are, or what they may take: whoever chooses one of them has thought of strangers. */
export interface Options {
  readonly allow: Chosen<unknown>
  readonly maxConnectionsPerAddress: Chosen<unknown>
  readonly acceptRate: Chosen<unknown>
  readonly maxConnections: Chosen<unknown>
  readonly idleTimeout: Chosen<unknown>
  readonly tlsClientCa: Chosen<unknown>
}

const loopback = networksOf(["127.0.0.0/8", "::1"])

/** Whether only this machine reaches it. A name is asked of nobody here. */
export const isOurs = ({ host, path }: Address): boolean =>
  path !== undefined || host === "localhost" || host.endsWith(".localhost") || isIn(loopback, host)

/** What is to be said of a calculator that anybody reaches, where nothing limits them; of another protocol nothing is known. */
export const exposure = (
  protocol: string,
  addresses: ReadonlyArray<Address>,
  { acceptRate, allow, idleTimeout, maxConnections, maxConnectionsPerAddress, tlsClientCa }: Options
): string | undefined => {
  const guards = [allow, maxConnectionsPerAddress, acceptRate, maxConnections, idleTimeout, tlsClientCa]
  const exposed = addresses.find((address) => !isOurs(address))
  if (protocol !== "calc" || exposed === undefined || guards.some(({ source }) => source !== "default")) {
    return undefined
  }
  const [last, ...others] = guards.map(({ name }) => `--${name}`).toReversed()
  return `whoever reaches ${
    format(exposed)
  } may have expressions evaluated, on as many connections and for as long as they `
    + `like: ${others.toReversed().join(", ")} or ${last} limits that, and silences this`
}
