import * as Effect from "effect/Effect"
import { existsSync } from "node:fs"
import { parse } from "node:path"
import { inspect } from "node:util"
import type { ClientProtocol } from "../../../domain/ClientProtocol.js"
import { isClientProtocol, withFraming } from "../../../domain/ClientProtocol.js"
import type { Framing } from "../../../domain/Framing.js"
import { auto } from "../../../domain/framing/Auto.js"
import { isProtocol } from "../../../domain/Protocol.js"
import * as ReverseClient from "../../protocols/ReverseClient.js"
import * as TextClient from "../../protocols/TextClient.js"
import { faultOf } from "../arguments/moduleFault.js"
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

/** A module's function may give an Effect, a promise or a value, and may throw: that is told with its place. */
const lifted = (
  name: string,
  given: (argument: unknown) => unknown,
  check: (result: unknown) => Effect.Effect<unknown, Rejection>
) =>
(argument: unknown): Effect.Effect<unknown, Rejection> =>
  Effect.suspend(() => {
    const result = given(argument)
    if (Effect.isEffect(result)) return Effect.mapError(result as Effect.Effect<unknown, unknown>, rejection)
    return result instanceof Promise
      ? Effect.mapError(Effect.tryPromise(() => result), ({ error }) => rejection(error))
      : Effect.succeed(result)
  }).pipe(
    Effect.catchAllDefect((defect) => rejection(`The module's ${name} failed: ${faultOf(defect)}.`)),
    Effect.flatMap(check)
  )

/** The protocol of a module, which need not keep to its types. */
const fromModule = (protocol: ClientProtocol<unknown, unknown, unknown, unknown, unknown>): Asking => {
  const isText = protocol.framing.name in textFramings
  return {
    ...protocol,
    prepare: lifted(
      "prepare",
      (request) => protocol.prepare(request),
      (message) =>
        isText && typeof message !== "string"
          ? rejection(`The module's prepare gave ${inspect(message)} where a text belongs.`)
          : Effect.succeed(message)
    ),
    process: lifted("process", (message) => protocol.process(message), Effect.succeed)
  }
}

/**
 * A client protocol, one without a name and a framing of its own, or else text in the framing of a server's protocol; a
 * function is one that answers text.
 */
const fromExport = (exported: unknown, path: string): Asking | undefined => {
  const name = parse(path).name
  if (typeof exported === "function") return text(name, auto)
  if (typeof exported === "object" && exported !== null && !("framing" in exported)) {
    const whole = { name, framing: auto, ...exported }
    return isClientProtocol(whole) ? fromModule(whole) : undefined
  }
  if (isClientProtocol(exported)) return fromModule(exported)
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
    const asking = fromExport(exported, name)
    return asking === undefined
      ? new UsageError({
        message:
          `The module ${name} exports no client protocol: make its default export an object with prepare and process.`
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
