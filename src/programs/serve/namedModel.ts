import * as Effect from "effect/Effect"
import { suggest } from "../cli/spelling.js"
import { UsageError } from "../cli/UsageError.js"
import type { Model } from "../Model.js"
import { all } from "../Model.js"

/** The model of that name. */
export const namedModel = (name: string): Effect.Effect<Model, UsageError> => {
  const model = Object.values(all).find((model) => model.name === name)
  return model === undefined
    ? new UsageError({ message: `There is no model '${name}': ${suggest(name, Object.keys(all))}` })
    : Effect.succeed(model)
}
