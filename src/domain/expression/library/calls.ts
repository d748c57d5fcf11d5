/**
 * Calling a value.
 */
import type { Meter } from "../meter.js"
import { typeMismatch } from "../raise.js"
import { Callable, type Keywords, typeName, type Value } from "../values/values.js"

export const noKeywords: Keywords = new Map()

export const invoke = (callee: Value, args: ReadonlyArray<Value>, keywords: Keywords, meter: Meter): Value =>
  callee instanceof Callable
    ? callee.call(args, keywords, meter)
    : typeMismatch(`'${typeName(callee)}' object is not callable`)
