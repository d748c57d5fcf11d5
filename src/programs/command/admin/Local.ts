/** The administration of the server of this process. */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as LogLevel from "effect/LogLevel"
import type * as Scope from "effect/Scope"
import { format } from "../../../domain/Address.js"
import type * as ServerLimits from "../../../domain/Limits.js"
import * as Observer from "../../../services/Observer.js"
import type { Served, Server } from "../../server/Server.js"
import type { Threshold } from "../console/Threshold.js"
import type { Administration, ConnectionEntry, Health, Level, Limits } from "./Administration.js"
import * as Conversations from "./Conversations.js"
import { gauge } from "./Family.js"
import { Happenings } from "./Happenings.js"
import { Meter } from "./Meter.js"
import * as processMetrics from "./processMetrics.js"
import { Refused } from "./Refused.js"

/** An administration, and what it asks of whoever starts the server and stops it. */
export interface Local {
  /** For the server, and for where it listens. */
  readonly observer: Observer.Shape
  /** The server, once there is one. */
  readonly attach: (server: Server) => void
  /** Waits until somebody asks for the stop. */
  readonly drainAsked: Effect.Effect<void>
  /** Says that the state is another now. */
  readonly enter: (state: Health["state"]) => void
  /** Where the conversations of its connections can be listened to. */
  readonly source: Conversations.Source
  readonly administration: typeof Administration.Service
}

const millisOf = (duration: Duration.Duration): number | null =>
  Duration.isFinite(duration) ? Duration.toMillis(duration) : null

/** As they are told. */
export const limitsOf = (limits: Pick<ServerLimits.Limits, keyof Limits>): Limits => ({
  maxConnections: limits.maxConnections,
  idleTimeout: millisOf(limits.idleTimeout),
  requestTimeout: millisOf(limits.requestTimeout),
  writeTimeout: millisOf(limits.writeTimeout),
  drainTimeout: millisOf(limits.drainTimeout)
})

/** What is given, as the server takes it. */
const changesOf = ({ maxConnections, ...times }: Partial<Limits>): ServerLimits.Changes => ({
  maxConnections,
  ...Object.fromEntries(
    Object.entries(times).flatMap(([name, millis]) => millis === undefined ? [] : [[name, millis ?? Duration.infinity]])
  )
})

const entryOf = (served: Served, now: number): ConnectionEntry => {
  const { bytesIn, bytesOut, duration, id, peer, phase, replies, requests, tls, unsent } = served
  return {
    worker: 0,
    id,
    peer: format(peer),
    via: peer.via && format(peer.via),
    since: now - Duration.toMillis(duration),
    requests,
    replies,
    bytesIn,
    bytesOut,
    unsent,
    phase,
    tls: tls?.version
  }
}

const isThere = (server: Server, id: number): Effect.Effect<boolean> =>
  Effect.map(server.page({ after: id - 1, limit: 1 }), ([found]) => found?.id === id)

const levelOf = ({ _tag }: LogLevel.LogLevel): Level => _tag.toLowerCase() as Level

/** `showsMessages` says whether messages may be seen: then each costs its event, also while nobody looks. */
export const make = (threshold: Threshold, showsMessages = false): Effect.Effect<Local, never, Scope.Scope> =>
  Effect.gen(function*() {
    const clock = yield* Effect.clock
    const now = (): number => clock.unsafeCurrentTimeMillis()
    const startedAt = now()
    const meter = new Meter()
    const happenings = new Happenings(now)
    const conversations = showsMessages ? new Conversations.Conversations(now) : undefined
    const ofProcess = yield* processMetrics.make
    const asked = yield* Deferred.make<void>()
    const attached = yield* Deferred.make<Server>()
    let state: Health["state"] = "starting"

    const health = (): Health => ({ state, startedAt, workers: 1 })
    // Who asks before there is a server waits for it.
    const ofServer = Deferred.await(attached)
    const source: Conversations.Source = {
      listen: (id) =>
        Effect.map(
          Effect.flatMap(ofServer, (server) => isThere(server, id)),
          (isThere) => isThere ? conversations?.listen(id) ?? null : null
        ),
      take: (listener) => Effect.sync(() => conversations?.take(listener) ?? Conversations.gone()),
      leave: (listener) => Effect.sync(() => conversations?.leave(listener))
    }

    return {
      observer: Observer.all([
        meter.observer,
        happenings.observer,
        ...(conversations === undefined ? [] : [conversations.observer])
      ]),
      attach: (server) => Deferred.unsafeDone(attached, Effect.succeed(server)),
      drainAsked: Deferred.await(asked),
      enter: (next) => {
        state = next
        happenings.tell({ _tag: "HealthChanged", health: health() })
      },
      source,
      administration: {
        health: Effect.sync(health),
        metrics: Effect.map(
          Effect.flatMap(ofServer, (server) => Effect.zip(server.totals, server.limits)),
          ([totals, limits]) => [
            ...meter.read(totals),
            gauge("switchboard_connections_limit", "Connections that may be served at once.", limits.maxConnections),
            gauge("switchboard_workers", "Processes that serve.", 1),
            gauge("switchboard_draining", "Whether the server stops: 1, or 0.", state === "draining" ? 1 : 0, "max"),
            ...ofProcess()
          ]
        ),
        connections: ({ after, limit }) =>
          Effect.gen(function*() {
            const server = yield* ofServer
            const open = yield* server.connections
            const page = yield* server.page({ after: after.worker > 0 ? Infinity : after.id, limit })
            return { connections: page.map((served) => entryOf(served, now())), open }
          }),
        disconnect: ({ id, worker }) =>
          Effect.flatMap(ofServer, (server) => worker === 0 ? server.disconnect(id) : Effect.succeed(false)),
        drain: Effect.asVoid(Deferred.succeed(asked, undefined)),
        reload: new Refused({
          status: 501,
          message: "There is nobody to take over: reload needs --workers 1 or more."
        }),
        limits: Effect.flatMap(ofServer, (server) => Effect.map(server.limits, limitsOf)),
        setLimits: (changes) =>
          Effect.flatMap(ofServer, (server) => Effect.map(server.setLimits(changesOf(changes)), limitsOf)).pipe(
            Effect.tap((limits) => Effect.sync(() => happenings.tell({ _tag: "LimitsChanged", limits })))
          ),
        level: Effect.sync(() => levelOf(threshold.level)),
        setLevel: (level) =>
          Effect.sync(() => {
            threshold.level = LogLevel.allLevels.find((known) => levelOf(known) === level) ?? threshold.level
            happenings.tell({ _tag: "LevelChanged", level })
          }),
        happenings: happenings.stream,
        showsMessages,
        canReload: false,
        conversation: ({ id, worker }) =>
          Effect.gen(function*() {
            if (conversations === undefined) return yield* Conversations.hidden
            const server = yield* ofServer
            if (worker !== 0 || !(yield* isThere(server, id))) return yield* Conversations.missing(id)
            return Conversations.stream(source, id)
          })
      }
    }
  })
