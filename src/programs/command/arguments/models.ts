import type { all } from "../../server/Model.js"

/** The models by name, for those who need no more than that. */
export const names = ["once", "iterative", "single", "threaded", "select"] as const satisfies ReadonlyArray<
  keyof typeof all
>
