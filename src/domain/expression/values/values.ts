/**
 * Python's values as JavaScript's. An int is a number while it is safe and a bigint past that, so that the
 * common case needs no allocation; a float is boxed, so that the two are never confused.
 */
import type { Meter } from "../meter.js"

/** A bigint never holds what a safe number could: equal ints are identical in kind. */
export type Int = number | bigint

export class Float {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

export class Complex {
  readonly real: number
  readonly imag: number
  constructor(real: number, imag: number) {
    this.real = real
    this.imag = imag
  }
}

export class Tuple {
  readonly items: ReadonlyArray<Value>
  constructor(items: ReadonlyArray<Value>) {
    this.items = items
  }
}

/** No operation of the language changes a list, so lists may share their items. */
export class List {
  readonly items: ReadonlyArray<Value>
  constructor(items: ReadonlyArray<Value>) {
    this.items = items
  }
}

export class Range {
  readonly start: bigint
  readonly stop: bigint
  readonly step: bigint
  readonly length: bigint
  constructor(start: bigint, stop: bigint, step: bigint) {
    this.start = start
    this.stop = stop
    this.step = step
    const span = step > 0n ? stop - start : start - stop
    const stride = step > 0n ? step : -step
    this.length = span > 0n ? (span + stride - 1n) / stride : 0n
  }
}

export class Slice {
  readonly start: Value
  readonly stop: Value
  readonly step: Value
  constructor(start: Value, stop: Value, step: Value) {
    this.start = start
    this.stop = stop
    this.step = step
  }
}

/** What `reversed` and `map` give: walked once, in order, by all who walk it together. */
export class Iterator {
  readonly type: string
  readonly items: Iterable<Value>
  constructor(type: string, items: Iterable<Value>) {
    this.type = type
    const walk = items[Symbol.iterator]()
    // Without `return`, so that a loop that ends early leaves the rest to the next.
    const shared = { next: () => walk.next() }
    this.items = { [Symbol.iterator]: () => shared }
  }
}

export type Keywords = ReadonlyMap<string, Value>

export type Call = (args: ReadonlyArray<Value>, keywords: Keywords, meter: Meter) => Value

/**
 * The steps that a call takes, by the sizes of what it is given and of what it makes; it admits what is made by the
 * meter's limits. It is asked before the work, and looks no closer than at sizes.
 */
export type Cost = (args: ReadonlyArray<Value>, meter: Meter, keywords: Keywords) => number

export type CallableType = "type" | "builtin_function_or_method" | "method_descriptor"

/** The steps of any call, whatever it calls. */
const callCost = 6

export class Callable {
  readonly name: string
  readonly type: CallableType
  /** The type whose method this is, or that of the object it is bound to. */
  readonly owner: string | undefined
  private readonly cost: Cost
  private readonly body: Call
  constructor(name: string, type: CallableType, cost: Cost, body: Call, owner?: string) {
    this.name = name
    this.type = type
    this.cost = cost
    this.body = body
    this.owner = owner
  }

  /** Pays, and then calls: there is no other way to call it. */
  call(args: ReadonlyArray<Value>, keywords: Keywords, meter: Meter): Value {
    meter.spend(callCost + this.cost(args, meter, keywords))
    return this.body(args, keywords, meter)
  }
}

export class Module {
  readonly name: string
  readonly members: ReadonlyMap<string, Value>
  constructor(name: string, members: ReadonlyMap<string, Value>) {
    this.name = name
    this.members = members
  }
}

export type Value =
  | Int
  | boolean
  | string
  | null
  | Float
  | Complex
  | Tuple
  | List
  | Range
  | Slice
  | Iterator
  | Callable
  | Module

export const typeName = (value: Value): string => {
  switch (typeof value) {
    case "number":
    case "bigint":
      return "int"
    case "boolean":
      return "bool"
    case "string":
      return "str"
  }
  if (value === null) return "NoneType"
  if (value instanceof Float) return "float"
  if (value instanceof Complex) return "complex"
  if (value instanceof Tuple) return "tuple"
  if (value instanceof List) return "list"
  if (value instanceof Range) return "range"
  if (value instanceof Slice) return "slice"
  if (value instanceof Module) return "module"
  return value.type
}

export const truth = (value: Value): boolean => {
  switch (typeof value) {
    case "boolean":
      return value
    case "number":
      return value !== 0
    case "bigint":
      return true
    case "string":
      return value !== ""
  }
  if (value === null) return false
  if (value instanceof Float) return value.value !== 0
  if (value instanceof Complex) return value.real !== 0 || value.imag !== 0
  if (value instanceof Tuple || value instanceof List) return value.items.length > 0
  if (value instanceof Range) return value.length > 0n
  return true
}
