/** What a cluster keeps in Postgres: runners, locks, messages, sessions. Loaded when a URL asks for it. */
import type { MessageStorage } from "@effect/cluster/MessageStorage"
import type { RunnerStorage } from "@effect/cluster/RunnerStorage"
import type { ShardingConfig } from "@effect/cluster/ShardingConfig"
import * as SqlMessageStorage from "@effect/cluster/SqlMessageStorage"
import * as SqlRunnerStorage from "@effect/cluster/SqlRunnerStorage"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { SessionStore } from "../SessionStore.js"
import * as sqlSessionStore from "./sqlSessionStore.js"

export const layer = (
  url: string
): Layer.Layer<MessageStorage | RunnerStorage | SessionStore, unknown, ShardingConfig> =>
  Layer.mergeAll(SqlMessageStorage.layer, SqlRunnerStorage.layer, sqlSessionStore.layer).pipe(
    Layer.provide(PgClient.layer({ url: Redacted.make(url), applicationName: "switchboard" }))
  )
