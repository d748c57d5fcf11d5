import { describe, expect, it } from "@effect/vitest"
import { answer } from "../tables.js"

describe("a number is read from a text as CPython 3.11 reads it", () => {
  it.each([
    ["int(' \\t-12\\n')", "-12"],
    ["int('\\x851\\u3000')", "1"],
    ["int('\\u0661_\\U0001d7ce')", "10"],
    ["int('0x_ff', 16), int('0b1', 16), int('0b1', 0)", "(255, 177, 1)"],
    ["int('0'*5000, 16), int('00', 0)", "(0, 0)"],
    ["int('v'*7, 32), int('zz', 36), int('3'*20, 4)", "(34359738367, 1295, 1099511627775)"],
    ["float(' 1_0.5e-1_0\\xa0')", "1.05e-09"],
    ["float('-Infinity'), float('.5'), float('5.')", "(-inf, 0.5, 5.0)"],
    ["complex(' ( 1-2j ) '), complex('1e3'), complex('-j')", "((1-2j), (1000+0j), -1j)"],
    ["complex('1+infj'), complex('nan-j'), complex('+infj')", "((1+infj), (nan-1j), infj)"],
    ["float.fromhex(' -0x1.8p3 '), float.fromhex('a.8'), float.fromhex('inf')", "(-12.0, 10.5, inf)"],
    ["float.fromhex('0x1p-' + '9'*4000)", "0.0"]
  ])("%s", (expression, value) => {
    expect(answer(expression)).toEqual({ value, message: "" })
  })

  it.each([
    ["int('\\x1c1')", "invalid literal for int() with base 10: '\\x1c1'"],
    ["int('1__0')", "invalid literal for int() with base 10: '1__0'"],
    ["int('- 1')", "invalid literal for int() with base 10: '- 1'"],
    ["int('0b', 2)", "invalid literal for int() with base 2: '0b'"],
    ["int('010', 0)", "invalid literal for int() with base 0: '010'"],
    ["float('1e')", "could not convert string to float: '1e'"],
    ["float('1_.5')", "could not convert string to float: '1_.5'"],
    ["float('\\xb2')", "could not convert string to float: '²'"],
    ["complex('1 +2j')", "complex() arg is a malformed string"],
    ["complex('()')", "complex() arg is a malformed string"],
    ["complex('1__0')", "could not convert string to complex: '1__0'"],
    ["float.fromhex('0x')", "invalid hexadecimal floating-point string"],
    ["float.fromhex('\\xa01')", "invalid hexadecimal floating-point string"]
  ])("%s is a ValueError: %s", (expression, message) => {
    expect(answer(expression)).toEqual({ value: "ValueError", message })
  })
})

describe("a long text is read in one pass", () => {
  // Each took from one and a half seconds to three hours where a pattern was tried from every place.
  it.each([
    "float('1'+' '*65000+'1')",
    "int('1'+' '*65000+'1')",
    "complex('1'+' '*65000+'1')",
    "float('1'*65000+'x')",
    "complex('1'*65000+'+')",
    "complex('1'*30000+'+'+'1'*30000)",
    "float.fromhex('0'*65000+'g')",
    "float.fromhex(' '*65000)"
  ])("%s", (expression) => {
    expect(answer(expression).value).toBe("ValueError")
  })

  it("float.fromhex('1'*65000+'g'), which is too large before anything is wrong with it", () => {
    expect(answer("float.fromhex('1'*65000+'g')").value).toBe("OverflowError")
  })
})
