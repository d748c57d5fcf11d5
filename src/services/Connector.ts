/**
 * The way out to servers.
 *
 * @since 0.1.0
 * @module
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Address } from "../domain/Address.js"
import type { ConnectError } from "../domain/NetworkError.js"
import type { Connection } from "./Connection.js"

/**
 * Layers: `NodeConnector.layer` for TCP, and the virtual network of `effect-switchboard/testing`.
 *
 * @since 0.1.0
 * @category tags
 */
export class Connector extends Context.Tag("effect-switchboard/Connector")<
  Connector,
  {
    /** Connects within `timeout`. The connection is closed with the scope. */
    readonly connect: (
      address: Address,
      timeout: Duration.Duration
    ) => Effect.Effect<Connection, ConnectError, Scope.Scope>
  }
>() {}
