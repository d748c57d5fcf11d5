/** Sessions in a table, by one statement each: for Postgres, and for whatever else has its `ON CONFLICT … RETURNING`. */
import * as SqlClient from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { SessionStore, SessionStoreError } from "../SessionStore.js"

const told = Effect.mapError((cause: SqlError) => new SessionStoreError({ cause: cause.cause ?? cause }))

export const layer: Layer.Layer<SessionStore, SqlError, SqlClient.SqlClient> = Layer.effect(
  SessionStore,
  Effect.gen(function*() {
    const sql = (yield* SqlClient.SqlClient).withoutTransforms()
    yield* sql`
      CREATE TABLE IF NOT EXISTS switchboard_sessions (
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        version INTEGER NOT NULL,
        state TEXT NOT NULL,
        PRIMARY KEY (kind, name)
      )
    `
    return SessionStore.of({
      load: (kind, name) =>
        sql<{ readonly version: number; readonly state: string }>`
          SELECT version, state FROM switchboard_sessions WHERE kind = ${kind} AND name = ${name}
        `.pipe(
          Effect.map(([row]) =>
            row === undefined ? Option.none() : Option.some({ version: row.version, text: row.state })
          ),
          told
        ),
      // An entity that was taken over while its runner stood still finds a later version, and saves nothing.
      save: (kind, name, { text, version }) =>
        sql`
          INSERT INTO switchboard_sessions (kind, name, version, state) VALUES (${kind}, ${name}, ${version}, ${text})
          ON CONFLICT (kind, name) DO UPDATE SET version = excluded.version, state = excluded.state
          WHERE switchboard_sessions.version = excluded.version - 1
          RETURNING version
        `.pipe(Effect.map((rows) => rows.length === 1), told)
    })
  })
)
