import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import { format } from "../../../domain/Address.js"
import type { Connection } from "../../../services/Connection.js"
import { Connector } from "../../../services/Connector.js"
import { show } from "../console/wire.js"

const tracedConnection = (connection: Connection, say: (line: string) => void): Connection => ({
  peer: connection.peer,
  open: (sink) =>
    connection.open({
      data: (chunk) => {
        say(`received ${show(chunk)}`)
        sink.data(chunk)
      },
      end: () => {
        say("received the end")
        sink.end()
      },
      drain: () => sink.drain(),
      closed: (error) => {
        say(`disconnected from ${format(connection.peer)}${error === undefined ? "" : ` (${error._tag})`}`)
        sink.closed(error)
      }
    }),
  write: (bytes) => {
    say(`sent ${show(bytes)}`)
    connection.write(bytes)
  },
  pause: () => connection.pause(),
  resume: () => connection.resume(),
  unsent: () => connection.unsent(),
  sent: () => connection.sent(),
  end: () => connection.end(),
  close: () => connection.close(),
  reset: () => connection.reset()
})

/** A connector that says what goes over the wire, as it goes. */
const traced = (connector: typeof Connector.Service, say: (line: string) => void): typeof Connector.Service => ({
  connect: (address, timeout) =>
    Effect.map(connector.connect(address, timeout), (connection) => {
      say(`connected to ${format(address)}`)
      return tracedConnection(connection, say)
    })
})

/** Says in `debug` what an effect's connections carry. */
export const trace = (
  mode: "user" | "debug",
  say: (line: string) => void
): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R | Connector> =>
  mode === "user" ? identity : Effect.updateService(Connector, (connector) => traced(connector, say))
