import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Address } from "../../domain/Address.js"
import type { ClientEvent } from "../../domain/ClientEvent.js"
import type { ClientProtocol } from "../../domain/ClientProtocol.js"
import type { Client } from "./Caller.js"
import type { Exchange } from "./Exchange.js"

/** A client that speaks a protocol over an exchange of messages. */
export const speaking = <Request, Reply, In, Out, E, R>(
  protocol: ClientProtocol<Request, Reply, In, Out, E, R>,
  address: Address,
  exchange: Exchange<In, Out>
): Client<Request, Reply, E, R> => {
  const process = Effect.flatMap(protocol.process)
  const submit = (request: Request) =>
    Effect.map(
      Effect.flatMap(protocol.prepare(request), (message) => exchange.submit(message)),
      (reply) => process(reply)
    )
  const receive = process(exchange.receive)
  const lost = Effect.map(
    Deferred.await(exchange.over),
    Option.map((reason): ClientEvent => ({ _tag: "Lost", address, connection: 1, reason }))
  )
  return {
    address,
    submit,
    ask: (request) => Effect.flatten(submit(request)),
    send: (request) => Effect.flatMap(protocol.prepare(request), (message) => exchange.send(message)),
    receive,
    messages: Stream.repeatEffect(receive),
    events: Stream.concat(
      Stream.when(Stream.make<[ClientEvent]>({ _tag: "Connected", address, connection: 1 }), () => !exchange.isOver),
      Stream.flatMap(Stream.fromEffect(lost), Option.match({ onNone: () => Stream.empty, onSome: Stream.make }))
    ),
    paused: (effect) =>
      Effect.acquireUseRelease(
        Effect.sync(() => exchange.pause()),
        () => effect,
        () => Effect.sync(() => exchange.resume())
      ),
    end: Effect.sync(() => exchange.finish()),
    disconnected: Deferred.await(exchange.gone)
  }
}
