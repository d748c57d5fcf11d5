/**
 * Who is let in to a server: by address, by how many connections an address has, and by how often it connects.
 *
 * @since 0.2.0
 * @module
 */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Address } from "../domain/Address.js"
import type { Refusal } from "../domain/ServerEvent.js"
import { TokenBuckets } from "../domain/TokenBuckets.js"
import * as MonotonicTime from "./MonotonicTime.js"
import { clientOf, isIn, networksOf } from "./node/networks.js"

/**
 * How often an address may connect: so many times at once, and so many in any such time from then on.
 *
 * @since 0.2.0
 * @category models
 */
export interface Rate {
  /** 1 or more. */
  readonly connections: number
  readonly per: Duration.DurationInput
}

/**
 * Who is let in; what is left out has its default, by which everybody is.
 *
 * An address is that of the client, also behind a proxy whose PROXY header is believed. Of IPv6 the first 64 bits are one
 * address; IPv4 is the same where it is written as IPv6 (`::ffff:192.0.2.1`). Clients at a unix socket have no address, and
 * are always let in: the permissions of its file say who they are.
 *
 * @since 0.2.0
 * @category models
 */
export interface Options {
  /** Addresses, or networks such as `10.0.0.0/8` and `2001:db8::/32`: nobody else is let in. Default: everybody is. */
  readonly allow?: ReadonlyArray<string> | undefined
  /** Those who are not let in, whatever `allow` says. Default: nobody. */
  readonly deny?: ReadonlyArray<string> | undefined
  /** Connections of an address at once, those included that wait to be served. Default: any number. */
  readonly maxConnectionsPerAddress?: number | undefined
  /** Default: any. It is kept for the 65,536 addresses that connected last, or at least for half of those. */
  readonly acceptRate?: Rate | undefined
}

/**
 * Asked about each client that comes, once, before anything is read from it but its proxy's word.
 *
 * @since 0.2.0
 * @category models
 */
export interface Shape {
  /** Lets a client in, or says why not. */
  readonly enter: (peer: Address) => Refusal | undefined
  /** One that was let in is gone. Only where that is counted. */
  readonly leave?: ((peer: Address) => void) | undefined
}

/**
 * Lets everybody in.
 *
 * @since 0.2.0
 * @category constructors
 */
export const open: Shape = { enter: () => undefined }

/**
 * The gate of the servers that listen under it, on any transport of this package: several places that share it count together.
 * Whom it does not let in is reset, before any handshake, and told to the Observer as `Refused`. Default: {@link open}.
 *
 * @since 0.2.0
 * @category tags
 */
export class Gate extends Context.Reference<Gate>()("effect-switchboard/Gate", {
  defaultValue: (): Shape => open
}) {}

/** Addresses whose rate is known at once. */
const mostAddresses = 65_536

/** Counts the connections of each address. */
class Connections {
  private readonly counts = new Map<string, number>()

  of(client: string): number {
    return this.counts.get(client) ?? 0
  }

  add(client: string): void {
    this.counts.set(client, this.of(client) + 1)
  }

  remove(client: string): void {
    const left = this.of(client) - 1
    if (left > 0) this.counts.set(client, left)
    else this.counts.delete(client)
  }
}

/**
 * A gate by these rules. Throws a RangeError over what is no address or network.
 *
 * @since 0.2.0
 * @category constructors
 */
export const make = (options: Options): Effect.Effect<Shape> =>
  Effect.map(Effect.clock, (clock) => {
    const { acceptRate, maxConnectionsPerAddress = Infinity } = options
    const now = MonotonicTime.millis(clock)
    const allowed = options.allow && networksOf(options.allow)
    const denied = options.deny && networksOf(options.deny)
    const connections = Number.isFinite(maxConnectionsPerAddress) ? new Connections() : undefined
    const buckets = acceptRate && new TokenBuckets({
      size: acceptRate.connections,
      period: Duration.toMillis(acceptRate.per),
      most: mostAddresses
    })
    const isDenied = (host: string): boolean =>
      (denied !== undefined && isIn(denied, host)) || (allowed !== undefined && !isIn(allowed, host))

    return {
      enter: ({ host }) => {
        if (host === undefined) return undefined
        if (isDenied(host)) return "Denied"
        const client = clientOf(host)
        if (connections !== undefined && connections.of(client) >= maxConnectionsPerAddress) return "PerAddress"
        if (buckets !== undefined && !buckets.take(client, now())) return "TooOften"
        connections?.add(client)
        return undefined
      },
      leave: connections && (({ host }) => {
        if (host !== undefined) connections.remove(clientOf(host))
      })
    }
  })

/**
 * {@link make}, for the servers that the layer is provided to.
 *
 * @example
 * ```ts
 * import { Gate, NodeSocketServer } from "effect-switchboard"
 * import { Layer } from "effect"
 *
 * const guarded = NodeSocketServer.layer({ host: "0.0.0.0", port: 1234 }).pipe(
 *   Layer.provide(Gate.layer({
 *     allow: ["192.0.2.0/24", "2001:db8::/32"],
 *     maxConnectionsPerAddress: 10,
 *     acceptRate: { connections: 20, per: "1 second" }
 *   }))
 * )
 * ```
 *
 * @since 0.2.0
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<Gate> => Layer.effect(Gate, make(options))
