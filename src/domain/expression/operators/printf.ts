/**
 * `template % values`, as C's printf: the operator `%` of a string.
 */
import type { Meter } from "../meter.js"
import { domainError, overflow, typeMismatch } from "../raise.js"
import * as floats from "../values/floats.js"
import * as integers from "../values/integers.js"
import * as representation from "../values/representation.js"
import * as strings from "../values/strings.js"
import { Float, Tuple, typeName, type Value } from "../values/values.js"
import { type Directive, directiveAt, isMapping, rejectKey, rejectKind } from "./printfDirective.js"
import * as sequences from "./sequences.js"

interface Style {
  readonly left: boolean
  readonly zero: boolean
  readonly alternate: boolean
  /** What a positive number starts with. */
  readonly plus: string
  readonly width: number
  readonly precision: number | undefined
}

/** What follows pays for what it reads; the room that width and precision ask for is paid for when they are read. */
const pad = (sign: string, body: string, { left, width, zero }: Style, meter: Meter): string => {
  meter.spend(strings.lengthCost(body))
  const missing = width - strings.length(body) - sign.length
  if (missing <= 0) return sign + body
  if (left) return sign + body + " ".repeat(missing)
  return zero ? sign + "0".repeat(missing) + body : " ".repeat(missing) + sign + body
}

const shortened = (shown: string, precision: number, meter: Meter): string => {
  meter.spend(strings.pointsCost(shown))
  const points = strings.points(shown)
  return typeof points === "string" ? points.slice(0, precision) : points.slice(0, precision).join("")
}

const words = (shown: string, style: Style, meter: Meter): string =>
  pad("", style.precision === undefined ? shown : shortened(shown, style.precision, meter), {
    ...style,
    zero: false
  }, meter)

const ascii = (shown: string, meter: Meter): string => {
  meter.spend(strings.asciiCost(shown))
  return strings.ascii(shown)
}

const radixes = new Map([["o", 8], ["x", 16], ["X", 16]])

const whole = (value: Value, kind: string, style: Style, meter: Meter): string => {
  const radix = radixes.get(kind)
  const given = value instanceof Float && radix === undefined ? integers.truncated(value.value) : sequences.index(value)
  if (given === undefined) {
    const wanted = radix === undefined ? "a real number" : "an integer"
    return typeMismatch(`%${kind} format: ${wanted} is required, not ${typeName(value)}`)
  }
  const magnitude = integers.absolute(given)
  const digits = radix === undefined
    ? representation.integer(magnitude, meter)
    : representation.digits(magnitude, radix, meter)
  const prefix = style.alternate && radix !== undefined ? `0${kind.toLowerCase()}` : ""
  const body = digits.padStart(style.precision ?? 0, "0")
  const sign = (given < 0 ? "-" : style.plus) + prefix
  const written = pad(sign, body, style, meter)
  return kind === "X" ? written.toUpperCase() : written
}

const real = (value: Value, kind: string, style: Style, meter: Meter): string => {
  const index = sequences.index(value)
  if (!(value instanceof Float) && index === undefined) {
    return typeMismatch(`must be real number, not ${typeName(value)}`)
  }
  const number = value instanceof Float ? value.value : integers.toNumber(index ?? 0)
  const magnitude = Math.abs(number)
  meter.spend(floats.digitsCost(magnitude, style.precision ?? 6))
  const sign = number < 0 || Object.is(number, -0) ? "-" : style.plus
  const body = Number.isFinite(number)
    ? decimal(magnitude, kind.toLowerCase(), style)
    : Number.isNaN(number)
    ? "nan"
    : "inf"
  const written = pad(sign, body, style, meter)
  return kind === kind.toLowerCase() ? written : written.toUpperCase()
}

const withPoint = (body: string): string => {
  if (body.includes(".")) return body
  const [digits = "", exponent] = body.split("e")
  return exponent === undefined ? `${digits}.` : `${digits}.e${exponent}`
}

/** Without the zeros that end a fraction, nor the point if they were all of it. */
const withoutZeros = (body: string): string => {
  if (!body.includes(".")) return body
  const [digits = "", exponent] = body.split("e")
  let end = digits.length
  while (digits.charAt(end - 1) === "0") end--
  if (digits.charAt(end - 1) === ".") end--
  const kept = digits.slice(0, end)
  return exponent === undefined ? kept : `${kept}e${exponent}`
}

const decimal = (magnitude: number, kind: string, { alternate, precision = 6 }: Style): string => {
  const point = (body: string): string => alternate ? withPoint(body) : body
  if (kind === "f") return point(floats.fixed(magnitude, precision))
  if (kind === "e") return point(floats.scientific(magnitude, precision))
  const significant = Math.max(1, precision)
  const shown = floats.scientific(magnitude, significant - 1)
  const exponent = Number(shown.slice(shown.indexOf("e") + 1))
  const body = exponent < -4 || exponent >= significant ? shown : floats.fixed(magnitude, significant - 1 - exponent)
  return alternate ? withPoint(body) : withoutZeros(body)
}

const character = (value: Value, meter: Meter): string => {
  if (typeof value === "string") meter.spend(strings.lengthCost(value))
  if (typeof value === "string" && strings.length(value) === 1) return value
  const code = sequences.index(value)
  if (code === undefined) return typeMismatch("%c requires int or char")
  if (code < 0 || code > 0x10ffff) return overflow("%c arg not in range(0x110000)")
  return String.fromCodePoint(Number(code))
}

const convert = (value: Value, kind: string, style: Style, meter: Meter): string => {
  switch (kind) {
    case "s":
      return words(representation.str(value, meter), style, meter)
    case "r":
      return words(representation.repr(value, meter), style, meter)
    case "a":
      return words(ascii(representation.repr(value, meter), meter), style, meter)
    case "c":
      return words(character(value, meter), { ...style, precision: undefined }, meter)
    case "d":
    case "i":
    case "u":
      return whole(value, kind, style, meter)
    case "o":
    case "x":
    case "X":
      return whole(value, kind, style, meter)
    default:
      return real(value, kind, style, meter)
  }
}

/** The steps that any directive takes. */
const directiveCost = 16

const kinds = "diouxXeEfFgGcrsa"

/** What C's type for it holds. */
interface Measure {
  readonly name: string
  readonly type: string
  readonly limit: number
}

const widths: Measure = { name: "width", type: "ssize_t", limit: 2 ** 63 }

const precisions: Measure = { name: "precision", type: "int", limit: 2 ** 31 }

export const format = (template: string, values: Value, meter: Meter): string => {
  const items = values instanceof Tuple ? values.items : [values]
  let used = 0
  const next = (): Value =>
    items[used++] ?? (used > items.length ? typeMismatch("not enough arguments for format string") : null)
  const measure = (given: string | undefined, { limit, name, type }: Measure): number | undefined => {
    if (given === undefined) return undefined
    const size = given === "*" ? sequences.index(next()) : Number(given)
    if (size === undefined) return typeMismatch("* wants int")
    if (size < -limit || size >= limit) {
      return given === "*" ? overflow(`Python int too large to convert to C ${type}`) : domainError(`${name} too big`)
    }
    meter.spend(meter.text(Math.abs(Number(size))))
    return Number(size)
  }
  const fill = (directive: Directive): string => {
    const { flags, kind } = directive
    if (directive.isPercent) return "%"
    const width = measure(directive.width === "" ? undefined : directive.width, widths) ?? 0
    const precision = measure(directive.precision, precisions)
    if (kind === "") return domainError("incomplete format")
    const value = next()
    if (!kinds.includes(kind)) return rejectKind(template, directive)
    return convert(value, kind, {
      left: flags.includes("-") || width < 0,
      zero: flags.includes("0"),
      alternate: flags.includes("#"),
      plus: flags.includes("+") ? "+" : flags.includes(" ") ? " " : "",
      width: Math.abs(width),
      precision: precision === undefined ? undefined : Math.max(0, precision)
    }, meter)
  }
  meter.spend(meter.text(template.length))
  let written = ""
  let at = 0
  for (let found = template.indexOf("%"); found !== -1; found = template.indexOf("%", at)) {
    meter.spend(directiveCost)
    if (template.charAt(found + 1) === "(") return rejectKey(template, found + 2, values)
    const directive = directiveAt(template, found)
    const shown = fill(directive)
    meter.spend(meter.text(written.length + found - at + shown.length, shown.length))
    written += template.slice(at, found) + shown
    at = directive.end
  }
  if (used < items.length && !isMapping(values)) {
    return typeMismatch("not all arguments converted during string formatting")
  }
  return written + template.slice(at)
}
