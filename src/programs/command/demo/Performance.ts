/** One model's part in the demo: a server, and the clients that come to it. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { FramingError } from "../../../domain/Framing.js"
import type { ConnectError, ReplyTimeout } from "../../../domain/NetworkError.js"
import type { ServerEvent } from "../../../domain/ServerEvent.js"
import type { Connector } from "../../../services/Connector.js"
import * as MonotonicTime from "../../../services/MonotonicTime.js"
import { Observer } from "../../../services/Observer.js"
import type { SocketServer } from "../../../services/SocketServer.js"
import * as Client from "../../client/Client.js"
import type { Model } from "../../server/Model.js"
import * as Server from "../../server/Server.js"
import type { Happening } from "./Lane.js"
import * as Scenario from "./Scenario.js"

/** What no client of the scenario meets, unless something else than the demo goes wrong. */
export type PerformanceError = ConnectError | FramingError | ReplyTimeout

/** Runs the scenario under a model, from the first client's coming to the last one's going, and tells what happens. */
export const perform = (
  model: Model,
  beat: number,
  tell: (happening: Happening) => void
): Effect.Effect<void, PerformanceError, SocketServer | Connector> =>
  Effect.gen(function*() {
    const now = MonotonicTime.millis(yield* Effect.clock)
    const start = now()
    const say = (_tag: Happening["_tag"], client: number): void => tell({ _tag, client, at: now() - start })
    const server = yield* Server.make(Scenario.serverProtocol(beat), { model }).pipe(
      Effect.provideService(Observer, { messages: true, observe: listener(say) })
    )

    const visit = (client: number, arrival: number) =>
      Effect.gen(function*() {
        yield* Effect.sleep(arrival * beat)
        say("Connecting", client)
        const { ask, disconnected } = yield* Client.make(Scenario.clientProtocol, {
          ...server.address,
          timeout: Duration.infinity
        })
        const think = Effect.raceFirst(
          Effect.sleep(Scenario.thinking * beat),
          Effect.flatMap(disconnected, Effect.fail)
        )
        yield* Effect.repeatN(
          Effect.zipRight(
            think,
            Effect.suspend(() => {
              say("Asked", client)
              return ask(client)
            })
          ),
          Scenario.questions - 1
        )
      }).pipe(
        Effect.scoped,
        Effect.as("Left" as const),
        Effect.catchTags({
          ConnectionRefused: () => Effect.succeed("Refused" as const),
          ConnectionClosed: () => Effect.succeed("TurnedOut" as const),
          ConnectionReset: () => Effect.succeed("TurnedOut" as const),
          Unresponsive: () => Effect.succeed("TurnedOut" as const),
          UnsendableMessage: Effect.die
        }),
        Effect.map((end) => say(end, client))
      )

    yield* Effect.forEach(Scenario.arrivals, (arrival, i) => visit(i + 1, arrival), {
      concurrency: "unbounded",
      discard: true
    })
  }).pipe(Effect.scoped)

/** Which client a connection is, its questions say. */
const listener = (say: (tag: Happening["_tag"], client: number) => void) => {
  const clients = new Map<number, number>()
  return (event: ServerEvent): void => {
    if (event._tag === "Request") {
      const client = Number(event.message)
      clients.set(event.id, client)
      say("Serving", client)
    } else if (event._tag === "Reply") say("Answered", clients.get(event.id)!)
  }
}
