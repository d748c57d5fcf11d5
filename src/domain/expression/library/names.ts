/**
 * What a bare name means: a builtin, `math`, or one of its members where no builtin has that name.
 */
import { Callable, Module, type Value } from "../values/values.js"
import { methodNames } from "./attributes.js"
import { builtins } from "./builtins.js"
import { mathematics } from "./mathModule.js"

export const names: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...mathematics,
  ["math", new Module("math", mathematics)],
  ...builtins
])

/** Everything that can be called, as it is written; what is in `math` and has no other name, with it. */
export const callables: ReadonlyArray<string> = [
  ...builtins.map(([name]) => name),
  ...[...mathematics].filter(([, value]) => value instanceof Callable).map(([name]) => `math.${name}`),
  ...methodNames
]
