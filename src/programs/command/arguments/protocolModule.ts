/** What stands in the place of a protocol's name and is none that comes with the command: the path of an ES module. */
import * as Effect from "effect/Effect"
import { existsSync, statSync } from "node:fs"
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import * as protocols from "./protocols.js"
import { suggest } from "./spelling.js"
import { UsageError } from "./UsageError.js"

/** A file that happens to be called like a mistyped protocol, or a message, is none: whoever means a module says so. */
const isPath = (name: string): boolean => /[/\\]|\.(?:m?js|ts)$/.test(name)

/** The default export of the module at that path; undefined if it has none. */
export const load = (path: string): Effect.Effect<unknown, UsageError> => {
  if (!isPath(path)) return unknown(path)
  // Not `statSync` alone: it throws for what is too long for a path.
  if (!existsSync(path) || !statSync(path).isFile()) return unknown(path)
  return Effect.map(
    Effect.tryPromise({
      try: () => import(pathToFileURL(resolve(path)).href) as Promise<{ readonly default?: unknown }>,
      catch: (cause) =>
        new UsageError({
          message: `The module ${path} could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}`
        })
    }),
    (module) => module.default
  )
}

const unknown = (name: string): UsageError =>
  new UsageError({
    message: isPath(name)
      ? `There is no module ${name}: check the path, or choose one of ${protocols.names.join(", ")}.`
      : `There is no protocol '${name}': ${suggest(name, protocols.names)}`
  })
