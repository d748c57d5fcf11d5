/** What stands in the place of a protocol's name and is none that comes with the command: the path of an ES module. */
import * as Effect from "effect/Effect"
import { existsSync, statSync } from "node:fs"
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { faultOf } from "./moduleFault.js"
import * as protocols from "./protocols.js"
import { suggest } from "./spelling.js"
import { UsageError } from "./UsageError.js"

/** A file that happens to be called like a mistyped protocol, or a message, is none: whoever means a module says so. */
export const isPath = (name: string): boolean => /[/\\]|\.(?:m?js|ts)$/.test(name)

/** A module that awaits something may take this long. */
const patience = "10 seconds"

/** The default export of the module at that path; undefined if it has none. */
export const load = (path: string): Effect.Effect<unknown, UsageError> => {
  if (!isPath(path)) return unknown(path)
  // Not `statSync` alone: it throws for what is too long for a path.
  if (!existsSync(path) || !statSync(path).isFile()) return unknown(path)
  return Effect.map(
    Effect.tryPromise({
      try: () => import(pathToFileURL(resolve(path)).href) as Promise<{ readonly default?: unknown }>,
      catch: (cause) => new UsageError({ message: `The module ${path} could not be loaded: ${faultOf(cause, path)}.` })
    }).pipe(Effect.timeoutFail({
      duration: patience,
      onTimeout: () =>
        new UsageError({
          message: `The module ${path} is not loaded after 10 seconds: it awaits something that does not come.`
        })
    })),
    (module) => module.default
  )
}

const unknown = (name: string): UsageError =>
  new UsageError({
    message: isPath(name)
      ? `There is no module ${name}: check the path, or choose one of ${protocols.names.join(", ")}.`
      : `There is no protocol '${name}': ${suggest(name, protocols.names)}`
  })
