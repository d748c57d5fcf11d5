// What a protocol says to a client that sends all this, and finishes: for the blocks of docs/protocols.md.
import { Effect, type Scope } from "effect"
import { Model, type Protocol, Server } from "effect-switchboard"
import { Explorer, Peer } from "effect-switchboard/testing"
import { deepStrictEqual } from "node:assert"

const said = <In, Out, E>(protocol: Protocol.Protocol<In, Out, E, Scope.Scope>, sent: string, model: Model.Model) =>
  Effect.gen(function*() {
    const server = yield* Server.make(protocol, { model })
    const peer = yield* Peer.connect(server.address)
    yield* peer.write(sent)
    yield* peer.end
    return String(yield* peer.readToEnd)
  })

/** The same under every model, or it throws. It takes no time, whatever the protocol waits for. */
export const replies = <In, Out, E>(protocol: Protocol.Protocol<In, Out, E, Scope.Scope>, sent: string): string => {
  const run = (model: Model.Model) => Effect.runSync(Explorer.run(said(protocol, sent, model)))
  const replies = run(Model.threaded)
  for (const model of [Model.select, Model.iterative, Model.single]) deepStrictEqual(run(model), replies)
  return replies
}
