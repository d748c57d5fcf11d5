/**
 * The closed list of attributes that numbers have, and the members of `math`.
 */
import * as complexes from "./complex.js"
import * as floats from "./floats.js"
import * as integers from "./integers.js"
import { typeMismatch, unknownAttribute } from "./raise.js"
import { Callable, Complex, Float, type Int, Module, Tuple, typeName, type Value } from "./values.js"

type Property<A> = (value: A) => Value

interface Attributes<A> {
  readonly properties: ReadonlyMap<string, Property<A>>
  readonly methods: ReadonlyMap<string, Property<A>>
}

const bitCount = (value: Int): number => {
  let count = 0
  for (const digit of integers.absolute(value).toString(2)) if (digit === "1") count++
  return count
}

const ofInt: Attributes<Int> = {
  properties: new Map<string, Property<Int>>([
    ["real", (value) => value],
    ["imag", () => 0],
    ["numerator", (value) => value],
    ["denominator", () => 1]
  ]),
  methods: new Map<string, Property<Int>>([
    ["conjugate", (value) => value],
    ["bit_length", integers.bitLength],
    ["bit_count", bitCount],
    ["as_integer_ratio", (value) => new Tuple([value, 1])]
  ])
}

const ofFloat: Attributes<Float> = {
  properties: new Map<string, Property<Float>>([
    ["real", (float) => float],
    ["imag", () => new Float(0)]
  ]),
  methods: new Map<string, Property<Float>>([
    ["conjugate", (float) => float],
    ["is_integer", ({ value }) => Number.isInteger(value)],
    ["as_integer_ratio", ({ value }) => floats.asIntegerRatio(value)],
    ["hex", ({ value }) => floats.hex(value)]
  ])
}

const ofComplex: Attributes<Complex> = {
  properties: new Map<string, Property<Complex>>([
    ["real", ({ real }) => new Float(real)],
    ["imag", ({ imag }) => new Float(imag)]
  ]),
  methods: new Map<string, Property<Complex>>([["conjugate", complexes.conjugate]])
}

/** Methods of the types themselves. */
const ofTypes = new Map<string, Callable>([
  [
    "float.fromhex",
    new Callable("fromhex", "builtin_function_or_method", (args, keywords) => {
      if (keywords.size > 0) return typeMismatch("float.fromhex() takes no keyword arguments")
      if (args.length !== 1) {
        return typeMismatch(`float.fromhex() takes exactly one argument (${args.length} given)`)
      }
      const [literal] = args
      return typeof literal === "string"
        ? floats.fromHex(literal)
        : typeMismatch("bad argument type for built-in operation")
    })
  ]
])

const find = <A>(type: string, attributes: Attributes<A>, value: A, name: string): Value => {
  const property = attributes.properties.get(name)
  if (property !== undefined) return property(value)
  const method = attributes.methods.get(name)
  if (method === undefined) return unknownAttribute(`'${type}' object has no attribute '${name}'`)
  return new Callable(name, "builtin_function_or_method", (args, keywords) => {
    if (keywords.size > 0) return typeMismatch(`${type}.${name}() takes no keyword arguments`)
    if (args.length > 0) return typeMismatch(`${type}.${name}() takes no arguments (${args.length} given)`)
    return method(value)
  })
}

export const attribute = (value: Value, name: string): Value => {
  if (typeof value === "number" || typeof value === "bigint") return find("int", ofInt, value, name)
  if (typeof value === "boolean") return find("int", ofInt, Number(value), name)
  if (value instanceof Float) return find("float", ofFloat, value, name)
  if (value instanceof Complex) return find("complex", ofComplex, value, name)
  if (value instanceof Module) {
    const member = value.members.get(name)
    return member === undefined
      ? unknownAttribute(`module '${value.name}' has no attribute '${name}'`)
      : member
  }
  if (value instanceof Callable && value.type === "type") {
    return ofTypes.get(`${value.name}.${name}`) ??
      unknownAttribute(`type object '${value.name}' has no attribute '${name}'`)
  }
  return unknownAttribute(`'${typeName(value)}' object has no attribute '${name}'`)
}
