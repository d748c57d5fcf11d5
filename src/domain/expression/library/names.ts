/**
 * What a bare name means: a builtin, `math`, or one of its members where no builtin has that name.
 */
import { Module, type Value } from "../values/values.js"
import { builtins } from "./builtins.js"
import { mathematics } from "./mathModule.js"

export const names: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...mathematics,
  ["math", new Module("math", mathematics)],
  ...builtins
])
