/**
 * A directive of a `%` template, read in one pass: `%-08.3lf`.
 */
import { domainError, typeMismatch } from "../raise.js"
import { digitsEnd } from "../values/decimalDigits.js"
import * as strings from "../values/strings.js"
import { List, Range, typeName, type Value } from "../values/values.js"

export interface Directive {
  /** Whether it is `%%`, which stands for a sign. */
  readonly isPercent: boolean
  readonly flags: string
  /** Digits, `*`, or empty. */
  readonly width: string
  /** Likewise; undefined where there is no point. */
  readonly precision: string | undefined
  readonly kind: string
  /** Where the template goes on. */
  readonly end: number
}

const sizeEnd = (template: string, at: number): number => template.charAt(at) === "*" ? at + 1 : digitsEnd(template, at)

/** The directive whose `%` stands there; `kind` is empty where the template ends before it. */
export const directiveAt = (template: string, start: number): Directive => {
  let at = start + 1
  const flagsAt = at
  while ("-+ #0".includes(template.charAt(at) || "!")) at++
  const flags = template.slice(flagsAt, at)
  const widthEnd = sizeEnd(template, at)
  const width = template.slice(at, widthEnd)
  at = widthEnd
  let precision: string | undefined
  if (template.charAt(at) === ".") {
    at = sizeEnd(template, at + 1)
    precision = template.slice(widthEnd + 1, at)
  }
  if ("hlL".includes(template.charAt(at) || "!")) at++
  const code = template.codePointAt(at)
  const kind = code === undefined ? "" : String.fromCodePoint(code)
  return {
    isPercent: at === start + 1 && kind === "%",
    flags,
    width,
    precision,
    kind,
    end: at + kind.length
  }
}

export const rejectKind = (template: string, { end, kind }: Directive): never => {
  const code = kind.codePointAt(0) ?? 0
  const shown = code > 30 && code < 127 ? kind : "?"
  const index = strings.length(template.slice(0, end)) - 1
  return domainError(`unsupported format character '${shown}' (0x${code.toString(16)}) at index ${index}`)
}

/** What could be a mapping, as CPython tells them, which need not be used. */
export const isMapping = (values: Value): boolean => values instanceof List || values instanceof Range

/** Fails over a key that starts there: whatever it is, no type of ours has it. */
export const rejectKey = (template: string, start: number, values: Value): never => {
  if (!isMapping(values)) return typeMismatch("format requires a mapping")
  let open = 1
  for (let at = start; at < template.length; at++) {
    const character = template.charAt(at)
    open += character === "(" ? 1 : character === ")" ? -1 : 0
    if (open === 0) return typeMismatch(`${typeName(values)} indices must be integers or slices, not str`)
  }
  return domainError("incomplete format key")
}
