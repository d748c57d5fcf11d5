import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

/**
 * The program that evaluates in a process of its own cannot be found from here.
 *
 * @since 0.2.0
 * @category errors
 */
export class WorkerNotFound extends Data.TaggedError("WorkerNotFound")<{ readonly cause: unknown }> {
  override get message(): string {
    return "The worker's program cannot be found: the package effect-switchboard must be installed beside what uses it"
  }
}

/** The built worker. By the package's name it is found from its modules, its command, and what others bundle it into. */
export const program: Effect.Effect<string, WorkerNotFound> = Effect.try({
  try: () => {
    const found = join(
      dirname(createRequire(import.meta.url).resolve("effect-switchboard/package.json")),
      "dist/worker.js"
    )
    if (!existsSync(found)) throw new Error(`there is no ${found}`)
    return found
  },
  catch: (cause) => new WorkerNotFound({ cause })
})
