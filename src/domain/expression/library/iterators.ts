/**
 * `map`, `filter`, `zip` and `enumerate`: they read no further than they are asked.
 */
import type { Meter } from "../meter.js"
import * as sequences from "../operators/sequences.js"
import { domainError, typeMismatch } from "../raise.js"
import * as integerCosts from "../values/integerCosts.js"
import * as integers from "../values/integers.js"
import { Callable, type Int, Iterator, truth, Tuple, type Value } from "../values/values.js"
import { invoke, noKeywords } from "./calls.js"
import { refuseUnknown, requireAtMost, requireCount, requireNoKeywords } from "./signature.js"

/** Making one; what it gives is paid for when it is asked. */
const making = ({ length }: ReadonlyArray<Value>): number => sequences.makingIterator + 12 * length

type Column = globalThis.Iterator<Value>

const columnsOf = (values: ReadonlyArray<Value>, meter: Meter): ReadonlyArray<Column> =>
  values.map((value) => sequences.iterate(value, meter)[Symbol.iterator]())

/** The next of each column, or how many columns had one. Those after the first that ends are not asked. */
const row = (columns: ReadonlyArray<Column>): ReadonlyArray<Value> | number => {
  const items: Array<Value> = []
  for (const column of columns) {
    const { done, value } = column.next()
    if (done === true) return items.length
    items.push(value)
  }
  return items
}

function* mapped(callee: Value, columns: ReadonlyArray<Column>, meter: Meter): Iterable<Value> {
  for (;;) {
    const args = row(columns)
    if (typeof args === "number") return
    yield invoke(callee, args, noKeywords, meter)
  }
}

const map = new Callable("map", "type", making, (args, keywords, meter) => {
  requireNoKeywords("map", keywords)
  const [callee, ...sources] = args
  if (callee === undefined || sources.length === 0) return typeMismatch("map() must have at least two arguments.")
  return new Iterator("map", mapped(callee, columnsOf(sources, meter), meter))
})

function* filtered(callee: Value, items: Iterable<Value>, meter: Meter): Iterable<Value> {
  for (const item of items) if (truth(callee === null ? item : invoke(callee, [item], noKeywords, meter))) yield item
}

const filter = new Callable("filter", "type", making, (args, keywords, meter) => {
  requireNoKeywords("filter", keywords)
  requireCount("filter", args, 2, 2)
  const [callee = null, items = null] = args
  return new Iterator("filter", filtered(callee, sequences.iterate(items, meter), meter))
})

const unequal = (place: number, comparison: "longer" | "shorter"): never =>
  domainError(`zip() argument ${place} is ${comparison} than argument${place === 2 ? " 1" : `s 1-${place - 1}`}`)

/** Fails if one of the columns has more, where the first has ended. */
const requireEnd = (columns: ReadonlyArray<Column>): void => {
  const longer = columns.findIndex((column) => column.next().done !== true)
  if (longer !== -1) unequal(longer + 1, "longer")
}

function* zipped(columns: ReadonlyArray<Column>, strict: boolean, meter: Meter): Iterable<Value> {
  if (columns.length === 0) return
  for (;;) {
    const items = row(columns)
    if (typeof items === "number") {
      if (strict && items > 0) unequal(items + 1, "shorter")
      if (strict) requireEnd(columns)
      return
    }
    meter.spend(1 + meter.sequence(items.length))
    yield new Tuple(items)
  }
}

const zip = new Callable("zip", "type", making, (args, keywords, meter) => {
  requireAtMost("zip", 1, 0, keywords)
  refuseUnknown("zip", ["strict"], keywords)
  return new Iterator("zip", zipped(columnsOf(args, meter), truth(keywords.get("strict") ?? false), meter))
})

function* numbered(items: Iterable<Value>, first: Int, meter: Meter): Iterable<Value> {
  let place = first
  for (const item of items) {
    meter.spend(1 + meter.sequence(2) + integerCosts.sum(place, 1, meter))
    yield new Tuple([place, item])
    place = integers.add(place, 1)
  }
}

const enumerate = new Callable("enumerate", "type", making, (args, keywords, meter) => {
  const given = args.length + keywords.size
  if (given === 0 || (args.length === 0 && given > 2)) {
    return typeMismatch("enumerate() missing required argument 'iterable'")
  }
  requireAtMost("enumerate", 2, args.length, keywords)
  refuseUnknown("enumerate", args.length > 0 ? ["start"] : given === 1 ? ["iterable"] : ["start", "iterable"], keywords)
  const items = args.length > 0 ? args[0]! : keywords.get("iterable")!
  const start = args.length > 1 ? args[1] : keywords.get("start")
  const first = start === undefined ? 0 : sequences.integer(start)
  return new Iterator("enumerate", numbered(sequences.iterate(items, meter), first, meter))
})

export const iterators: ReadonlyArray<readonly [string, Callable]> = [
  ["map", map],
  ["filter", filter],
  ["zip", zip],
  ["enumerate", enumerate]
]
