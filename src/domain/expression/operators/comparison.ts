/**
 * `== < in is`. An int and a float compare by exact value, whatever their size; sequences item by item.
 */
import type { Meter } from "../meter.js"
import { typeMismatch } from "../raise.js"
import * as integerCosts from "../values/integerCosts.js"
import * as integers from "../values/integers.js"
import * as strings from "../values/strings.js"
import { Complex, Float, List, Range, Slice, Tuple, typeName, type Value } from "../values/values.js"
import { rangeCost, walk } from "./sequences.js"

type Real = number | bigint

/** How two values of a kind compare, and the steps that takes, from their sizes, before it is done. */
interface Comparable<A> {
  readonly cost: (left: A, right: A) => number
  readonly equal: (left: A, right: A) => boolean
}

interface Ordered<A> extends Comparable<A> {
  readonly orderCost: (left: A, right: A) => number
  /** Less than, equal to or greater than zero; NaN where they are neither. */
  readonly order: (left: A, right: A) => number
}

const wordsCost = (value: Real): number =>
  typeof value === "bigint" ? integerCosts.linear(integerCosts.words(value)) : 0

/** JavaScript, too, compares a bigint with a number exactly. */
const reals: Ordered<Real> = {
  cost: (left, right) => Math.max(wordsCost(left), wordsCost(right)),
  // oxlint-disable-next-line eqeqeq -- a bigint equals a number only loosely
  equal: (left, right) => left == right,
  orderCost: (left, right) => Math.max(wordsCost(left), wordsCost(right)),
  // oxlint-disable-next-line eqeqeq -- as above
  order: (left, right) => left < right ? -1 : left > right ? 1 : left == right ? 0 : NaN
}

const complexes: Comparable<Complex> = {
  cost: () => 0,
  equal: (left, right) => left.real === right.real && left.imag === right.imag
}

const texts: Ordered<string> = {
  cost: strings.equalCost,
  equal: (left, right) => left === right,
  orderCost: strings.compareCost,
  order: strings.compare
}

const ranges: Comparable<Range> = {
  cost: (left, right) => rangeCost(left) + rangeCost(right),
  equal: (left, right) =>
    left.length === right.length && (left.length === 0n || left.start === right.start) &&
    (left.length <= 1n || left.step === right.step)
}

const areEqual = <A>(kind: Comparable<A>, left: A, right: A, meter: Meter): boolean => {
  meter.spend(kind.cost(left, right))
  return kind.equal(left, right)
}

const orderOf = <A>(kind: Ordered<A>, left: A, right: A, meter: Meter): number => {
  meter.spend(1 + kind.orderCost(left, right))
  return kind.order(left, right)
}

const real = (value: Value): Real | undefined => {
  if (typeof value === "number" || typeof value === "bigint") return value
  if (typeof value === "boolean") return value ? 1 : 0
  return value instanceof Float ? value.value : undefined
}

/** Equal constants are one object in Python; of values computed apart, this knows only the plain ones. */
export const identical = (left: Value, right: Value, meter: Meter): boolean => {
  if (left instanceof Float) return right instanceof Float && (left === right || Object.is(left.value, right.value))
  if (typeof left === "string" && typeof right === "string") return areEqual(texts, left, right, meter)
  if (typeof left === "bigint" && typeof right === "bigint") return areEqual(reals, left, right, meter)
  return left === right ||
    (left instanceof Tuple && right instanceof Tuple && left.items.length + right.items.length === 0)
}

export const equal = (left: Value, right: Value, meter: Meter): boolean => {
  const ours = real(left)
  const theirs = real(right)
  if (ours !== undefined && theirs !== undefined) return areEqual(reals, ours, theirs, meter)
  if (left instanceof Complex) {
    if (right instanceof Complex) return areEqual(complexes, left, right, meter)
    return theirs !== undefined && left.imag === 0 && areEqual(reals, left.real, theirs, meter)
  }
  if (right instanceof Complex) return equal(right, left, meter)
  if ((left instanceof List && right instanceof List) || (left instanceof Tuple && right instanceof Tuple)) {
    return left.items.length === right.items.length && firstDifference(left.items, right.items, meter) === -1
  }
  if (left instanceof Range && right instanceof Range) return areEqual(ranges, left, right, meter)
  if (left instanceof Slice && right instanceof Slice) return left === right || equal(parts(left), parts(right), meter)
  if (typeof left === "string" && typeof right === "string") return areEqual(texts, left, right, meter)
  return left === right
}

/** Slices compare as tuples do. */
const parts = ({ start, step, stop }: Slice): Tuple => new Tuple([start, stop, step])

/** As in a list: the same object counts as equal, so that a NaN finds itself. */
const same = (left: Value, right: Value, meter: Meter): boolean =>
  (typeof left === "object" && left === right) || equal(left, right, meter)

const firstDifference = (left: ReadonlyArray<Value>, right: ReadonlyArray<Value>, meter: Meter): number => {
  for (let index = 0; index < left.length; index++) {
    meter.spend(1)
    const other = right[index]
    if (other === undefined || !same(left[index]!, other, meter)) return index
  }
  return left.length < right.length ? left.length : -1
}

export type Order = "<" | "<=" | ">" | ">="

const orders: { readonly [order in Order]: (order: number) => boolean } = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0
}

export const ordered = (order: Order, left: Value, right: Value, meter: Meter): boolean => {
  const ours = real(left)
  const theirs = real(right)
  if (ours !== undefined && theirs !== undefined) return orders[order](orderOf(reals, ours, theirs, meter))
  if (typeof left === "string" && typeof right === "string") return orders[order](orderOf(texts, left, right, meter))
  if ((left instanceof List && right instanceof List) || (left instanceof Tuple && right instanceof Tuple)) {
    const index = firstDifference(left.items, right.items, meter)
    const item = left.items[index]
    const other = right.items[index]
    return item === undefined || other === undefined
      ? orders[order](left.items.length - right.items.length)
      : ordered(order, item, other, meter)
  }
  if (left instanceof Slice && right instanceof Slice) {
    return left === right ? order.endsWith("=") : ordered(order, parts(left), parts(right), meter)
  }
  return typeMismatch(
    `'${order}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`
  )
}

export const contains = (container: Value, item: Value, meter: Meter): boolean => {
  if (typeof container === "string") {
    if (typeof item !== "string") {
      return typeMismatch(`'in <string>' requires string as left operand, not ${typeName(item)}`)
    }
    meter.spend(strings.includesCost(container, item))
    return strings.includes(container, item)
  }
  if (container instanceof Range) {
    const index = typeof item === "boolean" ? Number(item) : item
    if (typeof index === "number" || typeof index === "bigint") {
      meter.spend(rangeCost(container) + 2 * integerCosts.division(index, integers.fromBigInt(container.step)))
      return inRange(container, BigInt(index))
    }
  }
  const items = walk(container, meter)
  if (items === undefined) return typeMismatch(`argument of type '${typeName(container)}' is not iterable`)
  for (const candidate of items) if (same(candidate, item, meter)) return true
  return false
}

const inRange = ({ length, start, step }: Range, value: bigint): boolean => {
  const offset = value - start
  return offset % step === 0n && offset / step >= 0n && offset / step < length
}
