import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Address } from "../../../domain/Address.js"
import { format } from "../../../domain/Address.js"
import type { ListenError } from "../../../domain/NetworkError.js"
import type { Shape as Observer } from "../../../services/Observer.js"
import type { Server } from "../../server/Server.js"
import type { AdminServer } from "../admin/AdminServer.js"
import type { Family } from "../admin/Family.js"
import type { Chosen } from "../arguments/Setting.js"
import { UsageError } from "../arguments/UsageError.js"
import type { Threshold } from "../console/Threshold.js"
import type { Channel } from "./worker/channel.js"

export interface Options {
  readonly admin: Chosen<Address | undefined>
  readonly adminTokenFile: Chosen<string | undefined>
  readonly adminShowMessages: Chosen<boolean>
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
  /** What there is to measure, where another process sums it. */
  readonly metrics: Effect.Effect<ReadonlyArray<Family>>
}

const nowhere: Administered = {
  place: undefined,
  observers: [],
  attach: () => Effect.void,
  drainAsked: Effect.never,
  enter: () => {},
  metrics: Effect.succeed([])
}

/** Of a worker: its supervisor has the admin port, if there is one. */
export const administeredBy = (
  supervisor: Channel,
  { admin, adminShowMessages }: Options,
  threshold: Threshold
): Effect.Effect<Administered, never, Scope.Scope> =>
  admin.value === undefined ? Effect.succeed(nowhere) : Effect.flatMap(
    Effect.promise(() => import("./worker/answering.js")),
    ({ answering }) => answering(supervisor, threshold, adminShowMessages.value)
  )

/** Takes the admin port, where there is to be one. Its place is taken before the server's own. */
export const port = ({ admin, adminShowMessages, adminTokenFile }: Options): Effect.Effect<
  AdminServer | undefined,
  ListenError | UsageError,
  Scope.Scope
> =>
  Effect.gen(function*() {
    const { value: place } = admin
    const { value: tokenFile } = adminTokenFile
    if (place === undefined) {
      const lost = [adminTokenFile, adminShowMessages].find(({ source }) => source.startsWith("--"))
      return lost === undefined ? undefined : yield* new UsageError({ message: `${lost.source} goes with --admin.` })
    }
    const [{ make }, { tokenOf }] = yield* Effect.promise(() =>
      Promise.all([import("../admin/AdminServer.js"), import("../admin/Guard.js")])
    )
    if (tokenFile !== undefined) {
      yield* Effect.mapError(tokenOf(tokenFile), (message) => new UsageError({ message }))
    }
    return yield* make(place, tokenFile)
  })

/** Where it is, as a person asks it. */
export const placeOf = ({ address }: AdminServer): string =>
  address.path === undefined ? `http://${format(address)}` : format(address)

/** The administration of this process's server, where there is to be one; its code is loaded then. */
export const administered = (
  options: Options,
  threshold: Threshold
): Effect.Effect<Administered, ListenError | UsageError, Scope.Scope> =>
  Effect.gen(function*() {
    const open = yield* port(options)
    if (open === undefined) return nowhere
    const [{ Administration }, Local] = yield* Effect.promise(() =>
      Promise.all([import("../admin/Administration.js"), import("../admin/Local.js")])
    )
    const local = yield* Local.make(threshold, options.adminShowMessages.value)
    return {
      place: placeOf(open),
      observers: [local.observer],
      attach: (server) => {
        local.attach(server)
        local.enter("ready")
        return Effect.provideService(open.serve, Administration, local.administration)
      },
      drainAsked: local.drainAsked,
      enter: local.enter,
      metrics: local.administration.metrics
    }
  })
