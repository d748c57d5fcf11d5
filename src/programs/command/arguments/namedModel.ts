import * as Effect from "effect/Effect"
import type { Model } from "../../server/Model.js"
import { all } from "../../server/Model.js"
import * as protocols from "./protocols.js"
import { suggest } from "./spelling.js"
import { UsageError } from "./UsageError.js"

/** The model of that name. */
export const namedModel = (name: string): Effect.Effect<Model, UsageError> => {
  const model = Object.values(all).find((model) => model.name === name)
  if (model !== undefined) return Effect.succeed(model)
  return new UsageError({
    message: protocols.names.some((protocol) => protocol === name)
      ? `There is no model '${name}': it is a protocol, which comes after the model, as in: select ${name}`
      : `There is no model '${name}': ${suggest(name, Object.keys(all))}`
  })
}
