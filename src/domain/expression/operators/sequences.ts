/**
 * Walking, indexing, slicing, joining and repeating. What is walked pays for each item before it is given.
 */
import type { Meter } from "../meter.js"
import { domainError, indexOutOfRange, overflow, typeMismatch } from "../raise.js"
import * as integerCosts from "../values/integerCosts.js"
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

const { words } = integerCosts

/** Of an operation on all that makes up a range. */
export const rangeCost = ({ start, step, stop }: Range): number =>
  8 + integerCosts.linear(words(start) + words(stop) + words(step))

function* counted({ length, start, step, stop }: Range, meter: Meter): Iterable<Value> {
  const [first, stride, beyond] = [Number(start), Number(step), Number(stop)]
  if (Number.isSafeInteger(first) && Number.isSafeInteger(stride) && Number.isSafeInteger(beyond)) {
    for (let place = first; stride > 0 ? place < beyond : place > beyond; place += stride) {
      meter.spend(1)
      yield place
    }
    return
  }
  const longest = Math.max(words(start), words(step), words(stop))
  const cost = 1 + 3 * integerCosts.linear(longest)
  for (let place = 0n; place < length; place++) {
    meter.spend(cost)
    yield integers.fromBigInt(start + place * step)
  }
}

function* paid(items: Iterable<Value>, steps: number, meter: Meter): Iterable<Value> {
  for (const item of items) {
    meter.spend(steps)
    yield item
  }
}

/** What a `for` would walk, each item paid for before it is given, or undefined where Python cannot. */
export const walk = (value: Value, meter: Meter): Iterable<Value> | undefined => {
  // Each character is a text of its own, which is made.
  if (typeof value === "string") return paid(value, 2, meter)
  if (value instanceof List || value instanceof Tuple || value instanceof Iterator) return paid(value.items, 1, meter)
  return value instanceof Range ? counted(value, meter) : undefined
}

export const iterate = (value: Value, meter: Meter): Iterable<Value> =>
  walk(value, meter) ?? typeMismatch(`'${typeName(value)}' object is not iterable`)

/** What is walked to its end: a list's items are paid for at once, and need no generator. */
export const exhaust = (value: Value, meter: Meter): Iterable<Value> => {
  if (!(value instanceof List || value instanceof Tuple)) return iterate(value, meter)
  meter.spend(value.items.length)
  return value.items
}

/** All the items at once, within the budget for a sequence. Those of a list or tuple are not copied. */
export const collect = (value: Value, meter: Meter): ReadonlyArray<Value> => {
  if (value instanceof List || value instanceof Tuple) return value.items
  if (value instanceof Range) meter.sequence(Number(value.length))
  const collected: Array<Value> = []
  for (const item of iterate(value, meter)) {
    meter.spend(meter.sequence(collected.length + 1, 1))
    collected.push(item)
  }
  return collected
}

/** Of a range made of another: its ends are products, and its length a quotient. */
const remakingCost = (range: Range): number => {
  const [span, step] = [Math.max(words(range.start), words(range.stop)), words(range.step)]
  return 40 + 3 * integerCosts.making(span + step) + rangeCost(range) +
    2 * integerCosts.product(words(range.length), step) +
    integerCosts.quotient(span, step)
}

export const lengthCost = (value: Value): number => {
  if (typeof value === "string") return strings.lengthCost(value)
  return value instanceof Range ? integerCosts.linear(words(value.length)) : 0
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

/** The steps of making what is walked once. */
export const makingIterator = 24

export const reversalCost = (value: Value, meter: Meter): number => {
  if (typeof value === "string") return makingIterator + 2 * value.length
  if (value instanceof List || value instanceof Tuple) return makingIterator + meter.sequence(value.items.length)
  return value instanceof Range ? makingIterator + remakingCost(value) : 0
}

export const reversed = (value: Value, meter: Meter): Value => {
  if (value instanceof Range) {
    const type = isWord(value.start, value.stop, value.step, -value.step, value.start - value.step, value.length)
      ? "range_iterator"
      : "longrange_iterator"
    return new Iterator(type, counted(sliced(value, value.length - 1n, -1n, -1n), meter))
  }
  if (typeof value === "string") return new Iterator("reversed", Array.from(value).reverse())
  if (value instanceof List) return new Iterator("list_reverseiterator", value.items.toReversed())
  if (value instanceof Tuple) return new Iterator("reversed", value.items.toReversed())
  return typeMismatch(`'${typeName(value)}' object is not reversible`)
}

const indexLimit = 2n ** 63n

const tooLarge = "cannot fit 'int' into an index-sized integer"

export const concatenationCost = (left: Value, right: Value, meter: Meter): number => {
  if (typeof left === "string" && typeof right === "string") return meter.text(left.length + right.length)
  return left instanceof List && right instanceof List || left instanceof Tuple && right instanceof Tuple
    ? meter.sequence(left.items.length + right.items.length)
    : 0
}

export const concatenate = (left: Value, right: Value): Value | undefined => {
  if (typeof left === "string") {
    return typeof right === "string"
      ? left + right
      : typeMismatch(`can only concatenate str (not "${typeName(right)}") to str`)
  }
  if (!(left instanceof List || left instanceof Tuple)) return undefined
  if (left instanceof List && right instanceof List) return new List(left.items.concat(right.items))
  if (left instanceof Tuple && right instanceof Tuple) return new Tuple(left.items.concat(right.items))
  const type = typeName(left)
  return typeMismatch(`can only concatenate ${type} (not "${typeName(right)}") to ${type}`)
}

const isRepeatable = (value: Value): value is string | List | Tuple =>
  typeof value === "string" || value instanceof List || value instanceof Tuple

/** How often to repeat, where it is told by an integer that C can hold. */
const times = (value: Value): number | undefined => {
  const count = index(value)
  return count === undefined || count >= indexLimit || count < -indexLimit ? undefined : Math.max(0, Number(count))
}

export const repetitionCost = (left: Value, right: Value, meter: Meter): number => {
  if (!isRepeatable(left)) return isRepeatable(right) ? repetitionCost(right, left, meter) : 0
  const count = times(right) ?? 0
  return typeof left === "string" ? meter.text(left.length * count) : meter.sequence(left.items.length * count)
}

const repeated = (items: ReadonlyArray<Value>, count: number): ReadonlyArray<Value> => {
  const copies: Array<Value> = []
  for (let copy = 0; copy < count; copy++) for (const item of items) copies.push(item)
  return copies
}

export const repeat = (left: Value, right: Value): Value | undefined => {
  if (!isRepeatable(left)) return isRepeatable(right) ? repeat(right, left) : undefined
  if (index(right) === undefined) {
    return typeMismatch(`can't multiply sequence by non-int of type '${typeName(right)}'`)
  }
  const count = times(right)
  if (count === undefined) return overflow(tooLarge)
  if (typeof left === "string") return left === "" ? left : left.repeat(count)
  if (left.items.length === 0) return left
  const items = repeated(left.items, count)
  return left instanceof List ? new List(items) : new Tuple(items)
}

export const subscriptCost = (container: Value, key: Value): number => {
  if (typeof container === "string") return strings.pointsCost(container)
  if (!(container instanceof Range)) return key instanceof Slice ? sliceCost(key) : 0
  return remakingCost(container) + (key instanceof Slice ? 4 * sliceCost(key) : boundCost(key))
}

const boundCost = (value: Value): number => typeof value === "bigint" ? integerCosts.unary(value) : 0

/** Of finding where a slice begins and ends. */
const sliceCost = ({ start, step, stop }: Slice): number =>
  12 + boundCost(start) + 4 * boundCost(step) + boundCost(stop)

/** The places of a slice, in order. */
const places = <A>(
  { length, start, step }: Bounds<number> & { readonly length: number },
  at: (place: number) => A
): Array<A> => Array.from({ length }, (_, count) => at(start + count * step))

const subscriptText = (text: string, key: Value, meter: Meter): string => {
  const points = strings.points(text)
  if (!(key instanceof Slice)) {
    return points[place(key, points.length, "string", `string indices must be integers, not '${typeName(key)}'`)]!
  }
  const bounds = resolve(key, points.length)
  if (bounds.step === 1 && typeof points === "string") {
    meter.spend(meter.text(bounds.length))
    return points.slice(bounds.start, bounds.start + bounds.length)
  }
  meter.spend(4 * bounds.length)
  return places(bounds, (place) => points[place]).join("")
}

const subscriptRange = (range: Range, key: Value, wrong: string): Value => {
  if (key instanceof Slice) {
    const bounds = resolveBig(key, range.length)
    return sliced(range, bounds.start, bounds.stop, bounds.step)
  }
  const at = index(key)
  if (at === undefined) return typeMismatch(wrong)
  const offset = BigInt(at) < 0n ? BigInt(at) + range.length : BigInt(at)
  if (offset < 0n || offset >= range.length) return indexOutOfRange("range object index out of range")
  return integers.fromBigInt(range.start + offset * range.step)
}

export const subscript = (container: Value, key: Value, meter: Meter): Value => {
  meter.spend(subscriptCost(container, key))
  if (typeof container === "string") return subscriptText(container, key, meter)
  const type = typeName(container)
  const wrong = `${type} indices must be integers or slices, not ${typeName(key)}`
  if (container instanceof Range) return subscriptRange(container, key, wrong)
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
  meter.spend(meter.sequence(bounds.length) * (bounds.step === 1 ? 1 : 4))
  const chosen = bounds.step === 1
    ? items.slice(bounds.start, bounds.start + bounds.length)
    : places(bounds, (place) => items[place]!)
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
