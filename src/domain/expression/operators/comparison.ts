/**
 * `== < in is`. An int and a float compare by exact value, whatever their size; sequences item by item.
 */
import type { Meter } from "../meter.js"
import { typeMismatch } from "../raise.js"
import * as strings from "../values/strings.js"
import { Complex, Float, List, Range, Slice, Tuple, typeName, type Value } from "../values/values.js"
import { sequenceItems } from "./sequences.js"

type Real = number | bigint

/** A number to compare by value: JavaScript, too, compares a bigint with a number exactly. */
const real = (value: Value): Real | undefined => {
  if (typeof value === "number" || typeof value === "bigint") return value
  if (typeof value === "boolean") return value ? 1 : 0
  return value instanceof Float ? value.value : undefined
}

/** Equal constants are one object in Python; of values computed apart, this knows only the plain ones. */
export const identical = (left: Value, right: Value): boolean => {
  if (left instanceof Float) return right instanceof Float && (left === right || Object.is(left.value, right.value))
  return left === right ||
    (left instanceof Tuple && right instanceof Tuple && left.items.length + right.items.length === 0)
}

export const equal = (left: Value, right: Value, meter: Meter): boolean => {
  const ours = real(left)
  const theirs = real(right)
  // oxlint-disable-next-line eqeqeq -- a bigint equals a number only loosely
  if (ours !== undefined && theirs !== undefined) return ours == theirs
  if (left instanceof Complex) {
    if (right instanceof Complex) return left.real === right.real && left.imag === right.imag
    // oxlint-disable-next-line eqeqeq -- as above
    return theirs !== undefined && left.imag === 0 && left.real == theirs
  }
  if (right instanceof Complex) return equal(right, left, meter)
  if ((left instanceof List && right instanceof List) || (left instanceof Tuple && right instanceof Tuple)) {
    return left.items.length === right.items.length && firstDifference(left.items, right.items, meter) === -1
  }
  if (left instanceof Range && right instanceof Range) return sameRange(left, right)
  if (left instanceof Slice && right instanceof Slice) return left === right || equal(parts(left), parts(right), meter)
  return left === right
}

/** Slices compare as tuples do. */
const parts = ({ start, step, stop }: Slice): Tuple => new Tuple([start, stop, step])

const sameRange = (left: Range, right: Range): boolean =>
  left.length === right.length && (left.length === 0n || left.start === right.start) &&
  (left.length <= 1n || left.step === right.step)

/** As in a list: the same object counts as equal, so that a NaN finds itself. */
const same = (left: Value, right: Value, meter: Meter): boolean => left === right || equal(left, right, meter)

const firstDifference = (left: ReadonlyArray<Value>, right: ReadonlyArray<Value>, meter: Meter): number => {
  for (const [index, item] of left.entries()) {
    meter.spend(1)
    const other = right[index]
    if (other === undefined || !same(item, other, meter)) return index
  }
  return left.length < right.length ? left.length : -1
}

export type Order = "<" | "<=" | ">" | ">="

const orders: { readonly [order in Order]: (left: Real, right: Real) => boolean } = {
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right
}

export const ordered = (order: Order, left: Value, right: Value, meter: Meter): boolean => {
  const ours = real(left)
  const theirs = real(right)
  if (ours !== undefined && theirs !== undefined) return orders[order](ours, theirs)
  if (typeof left === "string" && typeof right === "string") return orders[order](strings.compare(left, right), 0)
  if ((left instanceof List && right instanceof List) || (left instanceof Tuple && right instanceof Tuple)) {
    const index = firstDifference(left.items, right.items, meter)
    const item = left.items[index]
    const other = right.items[index]
    return item === undefined || other === undefined
      ? orders[order](left.items.length, right.items.length)
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
    meter.text(container.length)
    return container.includes(item)
  }
  if (container instanceof Range) {
    const index = typeof item === "boolean" ? Number(item) : item
    if (typeof index === "number" || typeof index === "bigint") return inRange(container, BigInt(index))
  }
  const items = sequenceItems(container, meter)
  if (items === undefined) return typeMismatch(`argument of type '${typeName(container)}' is not iterable`)
  for (const candidate of items) {
    meter.spend(1)
    if (same(candidate, item, meter)) return true
  }
  return false
}

const inRange = ({ length, start, step }: Range, value: bigint): boolean => {
  const offset = value - start
  return offset % step === 0n && offset / step >= 0n && offset / step < length
}
