import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Address } from "../../../domain/Address.js"
import { format } from "../../../domain/Address.js"
import type { ListenError } from "../../../domain/NetworkError.js"
import type { Shape as Observer } from "../../../services/Observer.js"
import type { Server } from "../../server/Server.js"
import type { Chosen } from "../arguments/Setting.js"
import { UsageError } from "../arguments/UsageError.js"
import type { Threshold } from "../console/Threshold.js"

export interface Options {
  readonly admin: Chosen<Address | undefined>
  readonly adminTokenFile: Chosen<string | undefined>
}

/** What a server has to do with its admin port. */
export interface Administered {
  /** Where it is, as a person asks it. */
  readonly place: string | undefined
  readonly observers: ReadonlyArray<Observer>
  /** The server runs. */
  readonly attach: (server: Server) => Effect.Effect<void>
  /** Waits until somebody asks for the stop. */
  readonly drainAsked: Effect.Effect<void>
  /** The stop has begun, or the server has ended. */
  readonly enter: (state: "draining" | "stopped") => void
}

/** None at all. */
export const nowhere: Administered = {
  place: undefined,
  observers: [],
  attach: () => Effect.void,
  drainAsked: Effect.never,
  enter: () => {}
}

/** The admin port, where there is to be one; its code is loaded then. Its place is taken before the server's own. */
export const administered = (
  options: Options,
  threshold: Threshold
): Effect.Effect<Administered, ListenError | UsageError, Scope.Scope> =>
  Effect.gen(function*() {
    const address = options.admin.value
    const tokenFile = options.adminTokenFile.value
    if (address === undefined) {
      if (!options.adminTokenFile.source.startsWith("--")) return nowhere
      return yield* new UsageError({ message: "--admin-token-file goes with --admin." })
    }
    const [{ Administration }, AdminServer, { tokenOf }, Local] = yield* Effect.promise(() =>
      Promise.all([
        import("../admin/Administration.js"),
        import("../admin/AdminServer.js"),
        import("../admin/Guard.js"),
        import("../admin/Local.js")
      ])
    )
    if (tokenFile !== undefined) {
      yield* Effect.mapError(tokenOf(tokenFile), (message) => new UsageError({ message }))
    }
    const local = yield* Local.make(threshold)
    const port = yield* AdminServer.make(address, tokenFile)
    return {
      place: port.address.path === undefined ? `http://${format(port.address)}` : format(port.address),
      observers: [local.observer],
      attach: (server) => {
        local.attach(server)
        local.enter("ready")
        return Effect.provideService(port.serve, Administration, local.administration)
      },
      drainAsked: local.drainAsked,
      enter: local.enter
    }
  })
