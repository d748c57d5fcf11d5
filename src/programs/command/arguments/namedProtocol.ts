import * as Effect from "effect/Effect"
import type { Protocol } from "../../../domain/Protocol.js"
import { isProtocol } from "../../../domain/Protocol.js"
import type { Evaluator } from "../../../services/Evaluator.js"
import { checked } from "./checkedProtocol.js"
import { fromFunction } from "./functionProtocol.js"
import * as protocolModule from "./protocolModule.js"
import * as protocols from "./protocols.js"
import { UsageError } from "./UsageError.js"

/** What a server can speak whose user brings no services of their own. */
export type Servable = Protocol<unknown, unknown, unknown, Evaluator>

const load: Readonly<Record<protocols.Name, (terse: boolean) => Promise<unknown>>> = {
  calc: (terse) => import("../../protocols/Calc.js").then(({ make }) => make({ terse })),
  echo: () => import("../../protocols/Echo.js").then(({ protocol }) => protocol),
  reverse: () => import("../../protocols/Reverse.js").then(({ protocol }) => protocol),
  chars: () => import("../../protocols/Chars.js").then(({ protocol }) => protocol)
}

/** The protocol of that name, or the default export of the ES module at that path. */
export const namedProtocol = (name: string, terse: boolean): Effect.Effect<Servable, UsageError> => {
  const known = protocols.names.find((known) => known === name)
  if (known !== undefined) return Effect.promise(() => load[known](terse) as Promise<Servable>)
  return Effect.flatMap(protocolModule.load(name), (exported) => {
    if (typeof exported === "function") {
      // Safe: a protocol is only ever given the messages of its own framing.
      return Effect.succeed(fromFunction(name, exported as (text: string) => unknown) as unknown as Servable)
    }
    return isProtocol(exported)
      ? Effect.succeed(checked(exported as Servable))
      : new UsageError({
        message:
          `The module ${name} exports no protocol: make its default export a function from text to text, or a protocol, by Protocol.requestReply or Protocol.make.`
      })
  })
}
