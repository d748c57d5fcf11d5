/**
 * The closed list of attributes that numbers and slices have, and the members of `math`.
 */
import { typeMismatch, unknownAttribute } from "../raise.js"
import * as complexes from "../values/complexes.js"
import * as floats from "../values/floats.js"
import * as hexadecimalFloat from "../values/hexadecimalFloat.js"
import * as integerCosts from "../values/integerCosts.js"
import * as integers from "../values/integers.js"
import {
  Callable,
  Complex,
  Float,
  type Int,
  type Keywords,
  Module,
  Slice,
  Tuple,
  typeName,
  type Value
} from "../values/values.js"
import { byParts, flat, requireNoKeywords } from "./signature.js"

interface Method<A> {
  /** The steps a call takes beyond any call's, by the size of the value. */
  readonly cost: (value: A) => number
  readonly apply: (value: A) => Value
}

interface Attributes<A> {
  /** These take no longer than to look them up. */
  readonly properties: ReadonlyMap<string, (value: A) => Value>
  readonly methods: ReadonlyMap<string, Method<A>>
}

const sixteenths = new Map(Array.from({ length: 16 }, (_, digit) => [
  digit.toString(16),
  digit.toString(2).replaceAll("0", "").length
]))

const bitCount = (value: Int): number => {
  let count = 0
  for (const digit of integers.absolute(value).toString(16)) count += sixteenths.get(digit) ?? 0
  return count
}

const ofInt: Attributes<Int> = {
  properties: new Map<string, (value: Int) => Value>([
    ["real", (value) => value],
    ["imag", () => 0],
    ["numerator", (value) => value],
    ["denominator", () => 1]
  ]),
  methods: new Map<string, Method<Int>>([
    ["conjugate", { cost: flat(0), apply: (value) => value }],
    ["bit_length", { cost: (value) => 4 * integerCosts.unary(value), apply: integers.bitLength }],
    ["bit_count", { cost: (value) => 8 + integers.sizeInBits(value) / 8, apply: bitCount }],
    ["as_integer_ratio", { cost: flat(2), apply: (value) => new Tuple([value, 1]) }]
  ])
}

const ofFloat: Attributes<Float> = {
  properties: new Map<string, (value: Float) => Value>([
    ["real", (float) => float],
    ["imag", () => new Float(0)]
  ]),
  methods: new Map<string, Method<Float>>([
    ["conjugate", { cost: flat(0), apply: (float) => float }],
    ["is_integer", { cost: flat(0), apply: ({ value }) => Number.isInteger(value) }],
    ["as_integer_ratio", { cost: flat(30), apply: ({ value }) => floats.asIntegerRatio(value) }],
    ["hex", { cost: flat(8), apply: ({ value }) => hexadecimalFloat.hex(value) }]
  ])
}

const ofComplex: Attributes<Complex> = {
  properties: new Map<string, (value: Complex) => Value>([
    ["real", ({ real }) => new Float(real)],
    ["imag", ({ imag }) => new Float(imag)]
  ]),
  methods: new Map<string, Method<Complex>>([["conjugate", { cost: flat(1), apply: complexes.conjugate }]])
}

const ofSlice = new Map<string, (value: Slice) => Value>([
  ["start", ({ start }) => start],
  ["stop", ({ stop }) => stop],
  ["step", ({ step }) => step]
])

const fromHex = new Callable(
  "fromhex",
  "builtin_function_or_method",
  ([literal]) => typeof literal === "string" ? hexadecimalFloat.fromHexCost(literal) : 0,
  (args, keywords) => {
    requireNoKeywords("float.fromhex", keywords)
    const [literal] = args
    if (args.length !== 1) return typeMismatch(`float.fromhex() takes exactly one argument (${args.length} given)`)
    return typeof literal === "string"
      ? hexadecimalFloat.fromHex(literal)
      : typeMismatch("bad argument type for built-in operation")
  },
  "type"
)

const call = (
  type: string,
  name: string,
  args: ReadonlyArray<Value>,
  keywords: Keywords,
  result: () => Value
): Value => {
  requireNoKeywords(`${type}.${name}`, keywords)
  if (args.length > 0) return typeMismatch(`${type}.${name}() takes no arguments (${args.length} given)`)
  return result()
}

/** `owner` is the value's own type, which may be a bool where the attributes are an int's. */
const find = <A extends Value>(
  type: string,
  attributes: Attributes<A>,
  value: A,
  name: string,
  owner = type
): Value | undefined => {
  const property = attributes.properties.get(name)
  if (property !== undefined) return property(value)
  const method = attributes.methods.get(name)
  if (method === undefined) return undefined
  return new Callable(
    name,
    "builtin_function_or_method",
    () => method.cost(value),
    (args, keywords) => call(type, name, args, keywords, () => method.apply(value)),
    owner
  )
}

const ofNumber = (value: Value, name: string): Value | undefined => {
  if (typeof value === "number" || typeof value === "bigint") return find("int", ofInt, value, name)
  if (typeof value === "boolean") return find("int", ofInt, Number(value), name, "bool")
  if (value instanceof Float) return name === "fromhex" ? fromHex : find("float", ofFloat, value, name)
  return value instanceof Complex ? find("complex", ofComplex, value, name) : undefined
}

const methodsOf = new Map<string, ReadonlyMap<string, unknown>>([
  ["int", ofInt.methods],
  ["float", ofFloat.methods],
  ["complex", ofComplex.methods]
])

/** Every method there is, as it is taken from its type: `float.hex`. */
export const methodNames: ReadonlyArray<string> = [
  ...[...methodsOf].flatMap(([type, methods]) => [...methods.keys()].map((name) => `${type}.${name}`)),
  "float.fromhex"
]

/** A method taken from its type, to be given the value: `float.hex(1.5)`. */
const unbound = (owner: string, name: string): Value | undefined => {
  const type = owner === "bool" ? "int" : owner
  if (type === "float" && name === "fromhex") return fromHex
  if (methodsOf.get(type)?.has(name) !== true) return undefined
  return new Callable(name, "method_descriptor", byParts(4), ([value, ...args], keywords, meter) => {
    if (value === undefined) return typeMismatch(`unbound method ${type}.${name}() needs an argument`)
    const own = typeName(value) === "bool" ? "int" : typeName(value)
    const method = own === type ? ofNumber(value, name) : undefined
    return method instanceof Callable
      ? method.call(args, keywords, meter)
      : typeMismatch(`descriptor '${name}' for '${type}' objects doesn't apply to a '${typeName(value)}' object`)
  }, type)
}

export const attribute = (value: Value, name: string): Value => {
  if (value instanceof Module) {
    return value.members.get(name) ?? unknownAttribute(`module '${value.name}' has no attribute '${name}'`)
  }
  if (value instanceof Callable && value.type === "type") {
    return unbound(value.name, name) ?? unknownAttribute(`type object '${value.name}' has no attribute '${name}'`)
  }
  const found = value instanceof Slice ? ofSlice.get(name)?.(value) : ofNumber(value, name)
  return found === undefined ? unknownAttribute(`'${typeName(value)}' object has no attribute '${name}'`) : found
}
