import { describe, expect, it } from "vitest"
import { show } from "../../../../src/programs/command/console/wire.js"

describe("show", () => {
  it("shows text as it is, with what cannot be seen as escapes", () => {
    expect(show("22 + 44")).toBe(`"22 + 44"`)
    expect(show("a\tb\r\n\0")).toBe(`"a\\tb\\r\\n\\u0000"`)
    expect(show("\x1b[31mred\x9b")).toBe(`"\\u001b[31mred\\u009b"`)
    expect(show("a\u202eb\u200bc\ufeff")).toBe(`"a\\u202eb\\u200bc\\ufeff"`)
    expect(show("né 👩‍🚀")).toBe(`"né 👩\\u200d🚀"`)
  })

  it("cuts a long message, and tells its length in bytes", () => {
    expect(show("x".repeat(200))).toBe(`"${"x".repeat(200)}"`)
    expect(show("é".repeat(300))).toBe(`"${"é".repeat(200)}"... (600 bytes)`)
  })

  it("shows the content of an envelope, and bytes as text", () => {
    expect(show({ header: { "content-type": "binary" }, content: Buffer.from("td3kk") })).toBe(`"td3kk"`)
    expect(show(new Uint8Array([104, 105]))).toBe(`"hi"`)
  })

  it("shows bytes that are no text one by one", () => {
    expect(show(Buffer.from([0, 0xaf, 0x7b, 0x27]))).toBe(`b"\\x00\\xaf{'"`)
    expect(show(Buffer.alloc(300, 0xff))).toBe(`b'${"\\xff".repeat(200)}'... (300 bytes)`)
  })

  it("keeps any other value on one line", () => {
    expect(show({ a: [1, 2, { b: "c" }] })).toBe("{ a: [ 1, 2, { b: 'c' } ] }")
    expect(show(undefined)).toBe("undefined")
  })
})
