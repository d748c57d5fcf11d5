import * as Effect from "effect/Effect"
import { existsSync } from "node:fs"
import type { ClientProtocol } from "../../../domain/ClientProtocol.js"
import { isClientProtocol, withFraming } from "../../../domain/ClientProtocol.js"
import type { Framing } from "../../../domain/Framing.js"
import { auto } from "../../../domain/framing/Auto.js"
import { isProtocol } from "../../../domain/Protocol.js"
import * as ReverseClient from "../../protocols/ReverseClient.js"
import * as TextClient from "../../protocols/TextClient.js"
import * as protocolModule from "../arguments/protocolModule.js"
import type * as protocols from "../arguments/protocols.js"
import { textFramings } from "../arguments/textFramings.js"
import { UsageError } from "../arguments/UsageError.js"
import { Rejection } from "./Rejection.js"

/** A client protocol for people: what they type goes out, and what comes back can be printed. */
export type Asking = ClientProtocol<string, unknown, unknown, unknown, Rejection>

const asking = <In, Out, E>(
  protocol: ClientProtocol<string, unknown, In, Out, E>,
  reject: (error: E) => Rejection
): Asking => {
  const same: ClientProtocol<string, unknown, In, Out, Rejection> = {
    ...protocol,
    prepare: (request) => Effect.mapError(protocol.prepare(request), reject),
    process: (message) => Effect.mapError(protocol.process(message), reject)
  }
  // Safe: a protocol is only ever given the messages of its own framing.
  return same as unknown as Asking
}

const text = (name: string, framing: Framing<string>): Asking =>
  asking({ ...TextClient.protocol, name, framing }, (never) => never)

const known: Readonly<Record<Exclude<protocols.Name, "chars">, Asking>> = {
  calc: asking(TextClient.calc, ({ reason, reply }) => new Rejection({ reply, message: reason })),
  echo: text("echo", auto),
  reverse: asking(ReverseClient.protocol, (never) => never)
}

const rejection = (error: unknown): Rejection =>
  new Rejection({ reply: undefined, message: error instanceof Error ? error.message : String(error) })

/** A client protocol, or else text in the framing of a server's protocol. */
const fromExport = (exported: unknown): Asking | undefined => {
  if (isClientProtocol(exported)) return asking(exported, rejection)
  return isProtocol(exported) && exported.framing.name in textFramings
    ? text(exported.name, exported.framing as Framing<string>)
    : undefined
}

const named = (name: string): Effect.Effect<Asking, UsageError> => {
  if (Object.hasOwn(known, name)) return Effect.succeed(known[name as keyof typeof known])
  // A message alone, such as `22 + 44`, is a likelier mistake than a strange path.
  if (/\s|\d/.test(name) && !existsSync(name)) {
    return new UsageError({
      message:
        `There is no protocol '${name}': a message comes after the protocol, as in: switchboard connect calc '${name}'`
    })
  }
  return Effect.flatMap(protocolModule.load(name), (exported) => {
    const asking = fromExport(exported)
    return asking === undefined
      ? new UsageError({
        message: `The module ${name} exports no client protocol: make its default export one, by ClientProtocol.make.`
      })
      : Effect.succeed(asking)
  })
}

/** The client protocol of that name, or the default export of the ES module at that path; in a framing, if one is asked for. */
export const namedClient = (name: string, framing: Framing<string> | undefined): Effect.Effect<Asking, UsageError> =>
  Effect.map(
    named(name),
    (protocol) => framing === undefined ? protocol : withFraming(protocol, framing as Framing<unknown>)
  )
