import type * as Model from "../../server/Model.js"
import type { Lane } from "./Lane.js"

/** What a model made of the scenario, so far or in the end. Times are in milliseconds. */
export interface Run {
  readonly model: keyof typeof Model.all
  readonly lanes: ReadonlyArray<Lane>
  readonly beat: number
}
