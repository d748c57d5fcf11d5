import { expect, it } from "@effect/vitest"
import { answer } from "../tables.js"

it.each([
  ["'%d of %s' % (3, 'x')", "3 of x"],
  ["'%5.2f|%-6s|%+d' % (2.675, 'ab', 7)", " 2.67|ab    |+7"],
  ["'%.0f %.0f' % (0.5, 1.5)", "0 2"],
  ["'%e %g %g' % (12345.678, 1e-5, 100000.0)", "1.234568e+04 1e-05 100000"],
  ["'%.20g' % 1e-7", "9.9999999999999995475e-08"],
  ["'%e %g' % (0, -0.0)", "0.000000e+00 -0"],
  ["'%#x %o %X' % (255, 8, 2**70)", "0xff 10 400000000000000000"],
  ["'%05d|%-5d|%5d' % (-42, 42, 42)", "-0042|42   |   42"],
  ["'%c%c %%' % (65, 'b')", "Ab %"],
  ["'%r %a' % ('é', 'é')", "'é' '\\xe9'"],
  ["'%*.*f' % (8, 3, 3.14159)", "   3.142"],
  ["'no directive' % []", "no directive"]
])("a string's `%%` formats as Python's: %s", (expression, value) => {
  expect(answer(expression)).toEqual({ value, message: "" })
})

it.each([
  ["'a' % 1", "TypeError", "not all arguments converted during string formatting"],
  ["'%d %d' % 1", "TypeError", "not enough arguments for format string"],
  ["'%d' % 'x'", "TypeError", "%d format: a real number is required, not str"],
  ["'%x' % 1.5", "TypeError", "%x format: an integer is required, not float"],
  ["'%y' % 1", "ValueError", "unsupported format character 'y' (0x79) at index 1"],
  ["'%' % 1", "ValueError", "incomplete format"],
  ["'%(a)s' % 1", "TypeError", "format requires a mapping"],
  ["'%999999d' % 1", "MemoryError", "a text would be longer than 65536 characters"]
])("and complains as Python: %s", (expression, value, message) => {
  expect(answer(expression)).toEqual({ value, message })
})
