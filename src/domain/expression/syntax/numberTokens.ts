/**
 * How far a number reaches, by the rules of CPython 3.11's tokenizer.
 */
import { isAsciiWord, isDigit, isWord } from "../characters.js"

/** Fails with a message once that many characters are consumed, which the column may count in bytes of UTF-8. */
export type Fail = (message: string, consumed: number, unit?: "bytes") => never

const keywords = ["and", "else", "for", "or", "not"]

/** A keyword may follow a number without a space. */
const isKeyword = (text: string, at: number): boolean =>
  (text.charAt(at) === "i" && "fns".includes(text.charAt(at + 1) || " ")) ||
  keywords.some((keyword) => text.startsWith(keyword, at) && !isWord(text.charCodeAt(at + keyword.length)))

const finish = (text: string, end: number, kind: string, fail: Fail): number =>
  isAsciiWord(text.charCodeAt(end)) && !isKeyword(text, end) ? fail(`invalid ${kind} literal`, end) : end

const digits = (text: string, from: number, fail: Fail): number => {
  let at = from
  for (;;) {
    while (isDigit(text.charCodeAt(at))) at++
    if (text.charCodeAt(at) !== 95) return at
    at++
    if (!isDigit(text.charCodeAt(at))) fail("invalid decimal literal", at)
  }
}

/** From where an exponent may stand to the end. */
const exponent = (text: string, at: number, fail: Fail): number => {
  let end = at
  const letter = text.charCodeAt(at)
  if (letter === 101 || letter === 69) {
    const sign = text.charCodeAt(at + 1)
    const signed = sign === 43 || sign === 45
    end = signed ? at + 2 : at + 1
    if (!isDigit(text.charCodeAt(end))) {
      return signed ? fail("invalid decimal literal", end) : finish(text, at, "decimal", fail)
    }
    end = digits(text, end, fail)
  }
  const suffix = text.charCodeAt(end)
  return suffix === 106 || suffix === 74
    ? finish(text, end + 1, "imaginary", fail)
    : finish(text, end, "decimal", fail)
}

const fraction = (text: string, at: number, fail: Fail): number =>
  exponent(text, isDigit(text.charCodeAt(at)) ? digits(text, at, fail) : at, fail)

const decimal = (text: string, end: number, fail: Fail): number =>
  text.charCodeAt(end) === 46 ? fraction(text, end + 1, fail) : exponent(text, end, fail)

/** Zeros may lead a float, or stand alone, but not lead an integer. */
const zero = (text: string, start: number, fail: Fail): number => {
  let end = start + 1
  for (;;) {
    if (text.charAt(end) === "_") {
      end++
      if (!isDigit(text.charCodeAt(end))) fail("invalid decimal literal", end)
    }
    if (text.charAt(end) !== "0") break
    end++
  }
  if (!isDigit(text.charCodeAt(end))) return decimal(text, end, fail)
  end = digits(text, end, fail)
  if (/[.ej]/i.test(text.charAt(end))) return decimal(text, end, fail)
  return fail(
    "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
    start + 1,
    "bytes"
  )
}

const based = (text: string, start: number, kind: string, digit: RegExp, fail: Fail): number => {
  let end = start + 2
  const rejectDigit = (): void => {
    const character = text.charAt(end)
    if (isDigit(text.charCodeAt(end)) && !digit.test(character)) {
      fail(`invalid digit '${character}' in ${kind} literal`, end + 1)
    }
  }
  do {
    if (text.charAt(end) === "_") end++
    rejectDigit()
    if (!digit.test(text.charAt(end))) fail(`invalid ${kind} literal`, end)
    while (digit.test(text.charAt(end))) end++
  } while (text.charAt(end) === "_")
  rejectDigit()
  return finish(text, end, kind, fail)
}

/** The end of the number that starts with a digit, or a point and a digit. */
export const numeralEnd = (text: string, start: number, fail: Fail): number => {
  const first = text.charCodeAt(start)
  if (first === 46) return fraction(text, start + 1, fail)
  if (first !== 48) return decimal(text, digits(text, start, fail), fail)
  switch (text.charAt(start + 1)) {
    case "x":
    case "X":
      return based(text, start, "hexadecimal", /[0-9a-fA-F]/, fail)
    case "o":
    case "O":
      return based(text, start, "octal", /[0-7]/, fail)
    case "b":
    case "B":
      return based(text, start, "binary", /[01]/, fail)
    default:
      return zero(text, start, fail)
  }
}
