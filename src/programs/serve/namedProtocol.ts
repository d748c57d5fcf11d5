import * as Effect from "effect/Effect"
import { statSync } from "node:fs"
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import type { Protocol } from "../../domain/Protocol.js"
import { isProtocol } from "../../domain/Protocol.js"
import type { Evaluator } from "../../services/Evaluator.js"
import * as protocols from "../cli/protocols.js"
import { suggest } from "../cli/spelling.js"
import { UsageError } from "../cli/UsageError.js"

/** What a server can speak whose user brings no services of their own. */
export type Servable = Protocol<unknown, unknown, unknown, Evaluator>

const load: Readonly<Record<protocols.Name, (terse: boolean) => Promise<unknown>>> = {
  calc: (terse) => import("../protocols/Calc.js").then(({ make }) => make({ terse })),
  echo: () => import("../protocols/Echo.js").then(({ protocol }) => protocol),
  reverse: () => import("../protocols/Reverse.js").then(({ protocol }) => protocol),
  chars: () => import("../protocols/Chars.js").then(({ protocol }) => protocol)
}

const fromModule = (path: string): Effect.Effect<Servable, UsageError> =>
  Effect.flatMap(
    Effect.tryPromise({
      try: () => import(pathToFileURL(resolve(path)).href) as Promise<{ readonly default?: unknown }>,
      catch: (cause) =>
        new UsageError({
          message: `The module ${path} could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}`
        })
    }),
    (module) =>
      isProtocol(module.default)
        ? Effect.succeed(module.default as Servable)
        : new UsageError({
          message:
            `The module ${path} exports no protocol: make its default export one, by Protocol.requestReply or Protocol.make.`
        })
  )

/** The protocol of that name, or the default export of the ES module at that path. */
export const namedProtocol = (name: string, terse: boolean): Effect.Effect<Servable, UsageError> => {
  const known = protocols.names.find((known) => known === name)
  if (known !== undefined) return Effect.promise(() => load[known](terse) as Promise<Servable>)
  if (statSync(name, { throwIfNoEntry: false })?.isFile() === true) return fromModule(name)
  return new UsageError({
    message: /[./\\]/.test(name)
      ? `There is no module ${name}: check the path, or choose one of ${protocols.names.join(", ")}.`
      : `There is no protocol '${name}': ${suggest(name, protocols.names)}`
  })
}
