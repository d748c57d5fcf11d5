import * as Effect from "effect/Effect"
import type { Model } from "../../server/Model.js"
import { all } from "../../server/Model.js"
import { suggest } from "./spelling.js"
import { UsageError } from "./UsageError.js"

/** The model of that name. */
export const namedModel = (name: string): Effect.Effect<Model, UsageError> => {
  const model = Object.values(all).find((model) => model.name === name)
  return model === undefined
    ? new UsageError({ message: `There is no model '${name}': ${suggest(name, Object.keys(all))}` })
    : Effect.succeed(model)
}
