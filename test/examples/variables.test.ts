import { describe, expect } from "@effect/vitest"
import { type Address, Evaluator, Model, SocketServer } from "effect-switchboard"
import { SessionStore } from "effect-switchboard/cluster"
import { Peer } from "effect-switchboard/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Variables, variables } from "../../examples/variables/variables.js"
import { exchange, Host, serve, virtual } from "../behaviours/support/stages.js"
import { join, shared } from "../services/support/runners.js"

/** A process: a front, whose clients ask the cluster that it is a runner of. */
const process = Effect.gen(function*() {
  const { context, leave } = yield* join(Layer.provide(Variables.layer, Evaluator.layer))
  const socketServer = yield* Effect.flatMap(Host, ({ listen }) => listen(0))
  const { address } = yield* Effect.provideService(
    serve(yield* Effect.provide(variables, context), { model: Model.threaded }),
    SocketServer.SocketServer,
    socketServer
  )
  return { address, leave }
})

/** A client in a session. */
const enter = (address: Address.Address, session: string) =>
  Effect.gen(function*() {
    const peer = yield* Peer.connect(address)
    expect(yield* peer.readLine).toBe("Which session?")
    yield* peer.write(`${session}\n`)
    return (line: string) => exchange(peer, line)
  })

describe("variables", () => {
  virtual.it(
    "what a client of one front says, one of another knows, and does when the first process is gone",
    () =>
      Effect.gen(function*() {
        const [one, other] = [yield* process, yield* process]
        const ada = yield* enter(one.address, "ada")
        expect(yield* ada("x = 3")).toBe("3")
        expect(yield* ada("y = x ** 2")).toBe("9")
        const again = yield* enter(other.address, "ada")
        expect(yield* again("x * 2")).toBe("6")
        yield* one.leave
        expect(yield* again("x * y + 1")).toBe("28")
        expect(yield* again("x = x + 1")).toBe("4")
        expect(yield* again("-x ** 2")).toBe("-16")
        // Another session has variables of its own.
        expect(yield* (yield* enter(other.address, "grace"))("x")).toMatch(/^INVALID STATEMENT: .*'x'/)
      }).pipe(
        Effect.provide(Layer.mergeAll(virtual.network, shared, SessionStore.layerMemory)),
        Effect.asVoid,
        Effect.orDie
      )
  )
})
