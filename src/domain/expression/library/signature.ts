/**
 * Builtins from JavaScript functions, with the complaints CPython makes of wrong arguments. Its words differ with how
 * a function was declared in C, hence the several kinds.
 */
import type { Meter } from "../meter.js"
import { typeMismatch } from "../raise.js"
import { Callable, type Cost, type Keywords, type Value } from "../values/values.js"

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`

export const requireNoKeywords = (name: string, keywords: Keywords): void => {
  if (keywords.size > 0) typeMismatch(`${name}() takes no keyword arguments`)
}

/**
 * Of a function that after these steps does all its work through values that pay for themselves: items walked, operators,
 * calls.
 */
export const byParts = (steps: number) => (): number => steps

/** Of a function whose work does not grow with what it is given. */
export const flat = (steps: number) => (): number => steps

/** Of exactly one argument. `shown` is the name in complaints. */
export const unary = (
  name: string,
  cost: (value: Value, meter: Meter) => number,
  apply: (value: Value, meter: Meter) => Value,
  shown = name
): [string, Callable] => [
  name,
  new Callable(
    name,
    "builtin_function_or_method",
    (args, meter) => args.length === 0 ? 0 : cost(args[0]!, meter),
    (args, keywords, meter) => {
      requireNoKeywords(shown, keywords)
      const value = args[0]
      if (args.length !== 1 || value === undefined) {
        return typeMismatch(`${shown}() takes exactly one argument (${args.length} given)`)
      }
      return apply(value, meter)
    }
  )
]

type Apply = (args: ReadonlyArray<Value>, meter: Meter) => Value

export const requireCount = (name: string, args: ReadonlyArray<Value>, least: number, most: number): void => {
  const { length } = args
  if (length >= least && length <= most) return
  const bound = least === most ? "" : length < least ? "at least " : "at most "
  typeMismatch(`${name} expected ${bound}${plural(length < least ? least : most, "argument")}, got ${length}`)
}

/** Of so many arguments, none by name. */
export const positional = (
  name: string,
  least: number,
  most: number,
  cost: Cost,
  apply: Apply,
  type: "type" | "builtin_function_or_method" = "builtin_function_or_method",
  shown = name
): [string, Callable] => [
  name,
  new Callable(name, type, cost, (args, keywords, meter) => {
    requireNoKeywords(shown, keywords)
    requireCount(name, args, least, most)
    return apply(args, meter)
  })
]

/** Refuses more arguments than that, by place and by name. */
export const requireAtMost = (name: string, most: number, count: number, keywords: Keywords): void => {
  const given = count + keywords.size
  if (given <= most) return
  typeMismatch(
    `${name}() takes at most ${plural(most, count === 0 ? "keyword argument" : "argument")} (${given} given)`
  )
}

/** The arguments of those names in order, missing ones undefined. */
export const named = (
  name: string,
  parameters: ReadonlyArray<string>,
  required: number,
  args: ReadonlyArray<Value>,
  keywords: Keywords
): ReadonlyArray<Value | undefined> => {
  requireAtMost(name, parameters.length, args.length, keywords)
  const bound = parameters.map((parameter, index) => index < args.length ? args[index] : keywords.get(parameter))
  const missing = bound.findIndex((value, index) => index < required && value === undefined)
  if (missing !== -1) {
    typeMismatch(`${name}() missing required argument '${parameters[missing]}' (pos ${missing + 1})`)
  }
  const twice = parameters.findIndex((parameter, index) => index < args.length && keywords.has(parameter))
  if (twice !== -1) {
    typeMismatch(`argument for ${name}() given by name ('${parameters[twice]}') and position (${twice + 1})`)
  }
  refuseUnknown(name, parameters, keywords)
  return bound
}

export const refuseUnknown = (name: string, known: ReadonlyArray<string>, keywords: Keywords): void => {
  for (const keyword of keywords.keys()) {
    if (!known.includes(keyword)) typeMismatch(`'${keyword}' is an invalid keyword argument for ${name}()`)
  }
}
