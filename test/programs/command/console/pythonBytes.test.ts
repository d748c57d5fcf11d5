import { describe, expect, it } from "vitest"
import { repr } from "../../../../src/programs/command/console/pythonBytes.js"

describe("pythonBytes.repr", () => {
  it.each([
    ["td3kk", "b'td3kk'"],
    ["", "b''"],
    ["it's", `b"it's"`],
    [`"both" 'kinds'`, `b'"both" \\'kinds\\''`],
    ["\t\n\r\\", "b'\\t\\n\\r\\\\'"],
    ["\0\x1f\x7f", "b'\\x00\\x1f\\x7f'"],
    ["é", "b'\\xc3\\xa9'"]
  ])("writes the bytes of %j as Python does", (text, written) => {
    expect(repr(Buffer.from(text))).toBe(written)
  })
})
