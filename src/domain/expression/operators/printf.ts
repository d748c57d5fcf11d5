/**
 * `template % values`, as C's printf: the operator `%` of a string.
 */
import type { Meter } from "../meter.js"
import { domainError, overflow, typeMismatch } from "../raise.js"
import * as floats from "../values/floats.js"
import * as integers from "../values/integers.js"
import * as representation from "../values/representation.js"
import * as strings from "../values/strings.js"
import { Float, List, Range, Tuple, typeName, type Value } from "../values/values.js"
import * as sequences from "./sequences.js"

const directive = /%(\([^)]*\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([^])?/gu

interface Style {
  readonly left: boolean
  readonly zero: boolean
  readonly alternate: boolean
  /** What a positive number starts with. */
  readonly plus: string
  readonly width: number
  readonly precision: number | undefined
}

const pad = (sign: string, body: string, { left, width, zero }: Style): string => {
  const missing = width - strings.length(body) - sign.length
  if (missing <= 0) return sign + body
  if (left) return sign + body + " ".repeat(missing)
  return zero ? sign + "0".repeat(missing) + body : " ".repeat(missing) + sign + body
}

const words = (shown: string, style: Style): string =>
  pad("", style.precision === undefined ? shown : strings.points(shown).slice(0, style.precision).join(""), {
    ...style,
    zero: false
  })

const radixes = new Map([["o", 8], ["x", 16], ["X", 16]])

const whole = (value: Value, kind: string, style: Style, meter: Meter): string => {
  const radix = radixes.get(kind)
  const given = value instanceof Float && radix === undefined ? integers.truncated(value.value) : sequences.index(value)
  if (given === undefined) {
    const wanted = radix === undefined ? "a real number" : "an integer"
    return typeMismatch(`%${kind} format: ${wanted} is required, not ${typeName(value)}`)
  }
  const magnitude = integers.absolute(given)
  const digits = radix === undefined ? representation.integer(magnitude, meter) : magnitude.toString(radix)
  const prefix = style.alternate && radix !== undefined ? `0${kind.toLowerCase()}` : ""
  const body = digits.padStart(style.precision ?? 0, "0")
  const sign = (given < 0 ? "-" : style.plus) + prefix
  const written = pad(sign, body, style)
  return kind === "X" ? written.toUpperCase() : written
}

const real = (value: Value, kind: string, style: Style): string => {
  const index = sequences.index(value)
  if (!(value instanceof Float) && index === undefined) {
    return typeMismatch(`must be real number, not ${typeName(value)}`)
  }
  const number = value instanceof Float ? value.value : integers.toNumber(index ?? 0)
  const magnitude = Math.abs(number)
  const sign = number < 0 || Object.is(number, -0) ? "-" : style.plus
  const body = Number.isFinite(number)
    ? decimal(magnitude, kind.toLowerCase(), style)
    : Number.isNaN(number)
    ? "nan"
    : "inf"
  const written = pad(sign, body, style)
  return kind === kind.toLowerCase() ? written : written.toUpperCase()
}

const decimal = (magnitude: number, kind: string, { alternate, precision = 6 }: Style): string => {
  const point = (body: string): string => alternate && !body.includes(".") ? body.replace(/(?=e|$)/, ".") : body
  if (kind === "f") return point(floats.fixed(magnitude, precision))
  if (kind === "e") return point(floats.scientific(magnitude, precision))
  const significant = Math.max(1, precision)
  const shown = floats.scientific(magnitude, significant - 1)
  const exponent = Number(shown.slice(shown.indexOf("e") + 1))
  const body = exponent < -4 || exponent >= significant ? shown : floats.fixed(magnitude, significant - 1 - exponent)
  return alternate ? point(body) : body.replace(/\.?0*(?=e|$)/, (zeros) => body.includes(".") ? "" : zeros)
}

const character = (value: Value): string => {
  if (typeof value === "string" && strings.length(value) === 1) return value
  const code = sequences.index(value)
  if (code === undefined) return typeMismatch("%c requires int or char")
  if (code < 0 || code > 0x10ffff) return overflow("%c arg not in range(0x110000)")
  return String.fromCodePoint(Number(code))
}

const convert = (value: Value, kind: string, style: Style, meter: Meter): string => {
  switch (kind) {
    case "s":
      return words(representation.str(value, meter), style)
    case "r":
      return words(representation.repr(value, meter), style)
    case "a":
      return words(strings.ascii(representation.repr(value, meter)), style)
    case "c":
      return words(character(value), { ...style, precision: undefined })
    case "d":
    case "i":
    case "u":
      return whole(value, kind, style, meter)
    case "o":
    case "x":
    case "X":
      return whole(value, kind, style, meter)
    default:
      return real(value, kind, style)
  }
}

export const format = (template: string, values: Value, meter: Meter): string => {
  const items = values instanceof Tuple ? values.items : [values]
  let used = 0
  let length = 0
  const next = (): Value =>
    items[used++] ?? (used > items.length ? typeMismatch("not enough arguments for format string") : null)
  const measure = (given: string | undefined, type: string): number | undefined => {
    if (given === undefined) return undefined
    const size = given === "*" ? sequences.index(next()) : Number(given)
    if (size === undefined) return typeMismatch("* wants int")
    if (typeof size === "bigint") return overflow(`Python int too large to convert to C ${type}`)
    meter.text(Math.abs(size))
    return size
  }
  const written = template.replace(
    directive,
    (
      found: string,
      key: string | undefined,
      flags: string,
      wide: string | undefined,
      exact: string | undefined,
      kind: string | undefined,
      at: number
    ) => {
      if (found === "%%") return "%"
      if (key !== undefined) return typeMismatch("format requires a mapping")
      const width = measure(wide, "ssize_t") ?? 0
      const precision = measure(exact, "int")
      if (kind === undefined) return domainError("incomplete format")
      const value = next()
      if (!"diouxXeEfFgGcrsa".includes(kind)) {
        const code = kind.codePointAt(0) ?? 0
        const shown = code > 30 && code < 127 ? kind : "?"
        const index = strings.length(template.slice(0, at + found.length)) - 1
        return domainError(
          `unsupported format character '${shown}' (0x${code.toString(16)}) at index ${index}`
        )
      }
      const style: Style = {
        left: flags.includes("-") || width < 0,
        zero: flags.includes("0"),
        alternate: flags.includes("#"),
        plus: flags.includes("+") ? "+" : flags.includes(" ") ? " " : "",
        width: Math.abs(width),
        precision: precision === undefined ? undefined : Math.max(0, precision)
      }
      const shown = convert(value, kind, style, meter)
      length += shown.length
      meter.text(template.length + length, shown.length)
      return shown
    }
  )
  // What could be a mapping need not be used.
  if (used < items.length && !(values instanceof List || values instanceof Range)) {
    return typeMismatch("not all arguments converted during string formatting")
  }
  return written
}
