/**
 * Walking, indexing, slicing, joining and repeating.
 */
import type { Meter } from "../meter.js"
import { domainError, indexOutOfRange, overflow, typeMismatch } from "../raise.js"
import * as integers from "../values/integers.js"
import * as strings from "../values/strings.js"
import { Callable, type Int, Iterator, List, Range, Slice, Tuple, typeName, type Value } from "../values/values.js"

/** An int or a bool as an index; Python's words for anything else are the caller's. */
export const index = (value: Value): Int | undefined =>
  typeof value === "number" || typeof value === "bigint"
    ? value
    : typeof value === "boolean"
    ? Number(value)
    : undefined

export const integer = (value: Value): Int =>
  index(value) ?? typeMismatch(`'${typeName(value)}' object cannot be interpreted as an integer`)

function* counted({ length, start, step, stop }: Range, meter: Meter): Iterable<Value> {
  const [first, stride, beyond] = [Number(start), Number(step), Number(stop)]
  if (Number.isSafeInteger(first) && Number.isSafeInteger(stride) && Number.isSafeInteger(beyond)) {
    for (let place = first; stride > 0 ? place < beyond : place > beyond; place += stride) {
      meter.spend(1)
      yield place
    }
    return
  }
  for (let place = 0n; place < length; place++) {
    meter.spend(1)
    yield integers.fromBigInt(start + place * step)
  }
}

/** What a `for` would walk, or undefined where Python cannot. */
export const sequenceItems = (value: Value, meter: Meter): Iterable<Value> | undefined => {
  if (typeof value === "string") return strings.points(value)
  if (value instanceof List || value instanceof Tuple || value instanceof Iterator) return value.items
  return value instanceof Range ? counted(value, meter) : undefined
}

export const iterate = (value: Value, meter: Meter): Iterable<Value> =>
  sequenceItems(value, meter) ?? typeMismatch(`'${typeName(value)}' object is not iterable`)

/** All the items at once, within the budget for a sequence. */
export const collect = (value: Value, meter: Meter): ReadonlyArray<Value> => {
  if (value instanceof Range) meter.sequence(Number(value.length))
  if (value instanceof List || value instanceof Tuple) {
    meter.sequence(value.items.length)
    return value.items
  }
  const collected: Array<Value> = []
  for (const item of iterate(value, meter)) {
    collected.push(item)
    meter.sequence(collected.length, 1)
  }
  return collected
}

export const length = (value: Value): Int => {
  if (typeof value === "string") return strings.length(value)
  if (value instanceof List || value instanceof Tuple) return value.items.length
  if (value instanceof Range) {
    return value.length < 2n ** 63n
      ? integers.fromBigInt(value.length)
      : overflow("Python int too large to convert to C ssize_t")
  }
  return typeMismatch(`object of type '${typeName(value)}' has no len()`)
}

/** Whether C's long holds them all: for others CPython has an iterator of another name. */
const isWord = (...values: ReadonlyArray<bigint>): boolean =>
  values.every((value) => value >= -indexLimit && value < indexLimit)

export const reversed = (value: Value, meter: Meter): Value => {
  if (value instanceof Range) {
    const type = isWord(value.start, value.stop, value.step, -value.step, value.start - value.step, value.length)
      ? "range_iterator"
      : "longrange_iterator"
    return new Iterator(type, counted(sliced(value, value.length - 1n, -1n, -1n), meter))
  }
  if (typeof value !== "string" && !(value instanceof List) && !(value instanceof Tuple)) {
    return typeMismatch(`'${typeName(value)}' object is not reversible`)
  }
  const items = Array.from(iterate(value, meter)).toReversed()
  meter.spend(items.length)
  return new Iterator(value instanceof List ? "list_reverseiterator" : "reversed", items)
}

const indexLimit = 2n ** 63n

const tooLarge = "cannot fit 'int' into an index-sized integer"

export const concatenate = (left: Value, right: Value, meter: Meter): Value | undefined => {
  if (typeof left === "string") {
    if (typeof right !== "string") {
      return typeMismatch(`can only concatenate str (not "${typeName(right)}") to str`)
    }
    meter.text(left.length + right.length)
    return left + right
  }
  if (!(left instanceof List || left instanceof Tuple)) return undefined
  if (typeName(left) !== typeName(right) || !(right instanceof List || right instanceof Tuple)) {
    const type = typeName(left)
    return typeMismatch(`can only concatenate ${type} (not "${typeName(right)}") to ${type}`)
  }
  meter.sequence(left.items.length + right.items.length)
  const items = [...left.items, ...right.items]
  return left instanceof List ? new List(items) : new Tuple(items)
}

const isRepeatable = (value: Value): value is string | List | Tuple =>
  typeof value === "string" || value instanceof List || value instanceof Tuple

export const repeat = (left: Value, right: Value, meter: Meter): Value | undefined => {
  if (!isRepeatable(left)) return isRepeatable(right) ? repeat(right, left, meter) : undefined
  const times = index(right)
  if (times === undefined) return typeMismatch(`can't multiply sequence by non-int of type '${typeName(right)}'`)
  if (times >= indexLimit || times < -indexLimit) return overflow(tooLarge)
  const count = Math.max(0, Number(times))
  if (typeof left === "string") {
    if (left === "") return left
    meter.text(left.length * count)
    return left.repeat(count)
  }
  const length = left.items.length * count
  meter.sequence(length)
  const items = Array.from({ length }, (_, place) => left.items[place % left.items.length]!)
  return left instanceof List ? new List(items) : new Tuple(items)
}

export const subscript = (container: Value, key: Value, meter: Meter): Value => {
  if (typeof container === "string") {
    const points = strings.length(container) === container.length ? container : strings.points(container)
    meter.spend(points === container ? 1 : points.length)
    if (key instanceof Slice) {
      const bounds = resolve(key, points.length)
      meter.text(bounds.length)
      return Array.from({ length: bounds.length }, (_, place) => points[bounds.start + place * bounds.step]).join("")
    }
    return points[
      place(key, points.length, "string", `string indices must be integers, not '${typeName(key)}'`)
    ]!
  }
  const type = typeName(container)
  const wrong = `${type} indices must be integers or slices, not ${typeName(key)}`
  if (container instanceof Range) {
    if (key instanceof Slice) {
      const bounds = resolveBig(key, container.length)
      return sliced(container, bounds.start, bounds.stop, bounds.step)
    }
    const at = index(key)
    if (at === undefined) return typeMismatch(wrong)
    const offset = BigInt(at) < 0n ? BigInt(at) + container.length : BigInt(at)
    if (offset < 0n || offset >= container.length) return indexOutOfRange("range object index out of range")
    return integers.fromBigInt(container.start + offset * container.step)
  }
  if (!(container instanceof List || container instanceof Tuple)) {
    return typeMismatch(
      container instanceof Callable && container.type === "type"
        ? `type '${container.name}' is not subscriptable`
        : `'${type}' object is not subscriptable`
    )
  }
  const { items } = container
  if (!(key instanceof Slice)) return items[place(key, items.length, type, wrong)]!
  const bounds = resolve(key, items.length)
  meter.sequence(bounds.length)
  const chosen = Array.from({ length: bounds.length }, (_, place) => items[bounds.start + place * bounds.step]!)
  return container instanceof List ? new List(chosen) : new Tuple(chosen)
}

const place = (key: Value, length: number, type: string, wrong: string): number => {
  const at = index(key)
  if (at === undefined) return typeMismatch(wrong)
  if (at >= indexLimit || at < -indexLimit) return indexOutOfRange(tooLarge)
  const offset = Number(at) < 0 ? Number(at) + length : Number(at)
  return offset < 0 || offset >= length ? indexOutOfRange(`${type} index out of range`) : offset
}

/** The items `start, start + step, …` before `stop`, counted in places of the range. */
const sliced = (range: Range, start: bigint, stop: bigint, step: bigint): Range =>
  new Range(range.start + start * range.step, range.start + stop * range.step, range.step * step)

interface Bounds<N> {
  readonly start: N
  readonly stop: N
  readonly step: N
}

const bound = (value: Value): bigint =>
  BigInt(index(value) ?? typeMismatch("slice indices must be integers or None or have an __index__ method"))

const resolveBig = (slice: Slice, length: bigint): Bounds<bigint> => {
  const step = slice.step === null ? 1n : bound(slice.step)
  if (step === 0n) return domainError("slice step cannot be zero")
  const [lowest, highest] = step > 0n ? [0n, length] : [-1n, length - 1n]
  const clamp = (value: Value, missing: bigint): bigint => {
    if (value === null) return missing
    const given = bound(value)
    const offset = given < 0n ? given + length : given
    return offset < lowest ? lowest : offset > highest ? highest : offset
  }
  return step > 0n
    ? { start: clamp(slice.start, lowest), stop: clamp(slice.stop, highest), step }
    : { start: clamp(slice.start, highest), stop: clamp(slice.stop, lowest), step }
}

const resolve = (slice: Slice, length: number): Bounds<number> & { readonly length: number } => {
  const { start, step, stop } = resolveBig(slice, BigInt(length))
  const chosen = new Range(start, stop, step).length
  // A stride past the end is never taken, and might not be a number's.
  return { start: Number(start), stop: Number(stop), step: chosen > 1n ? Number(step) : 1, length: Number(chosen) }
}
