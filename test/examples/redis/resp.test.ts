import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import type { Reply, Request } from "../../../examples/redis/resp.js"
import { Failure, resp, Status } from "../../../examples/redis/resp.js"
import { FrameTooLong, InvalidFrame } from "../../../src/domain/Framing.js"
import { byteByByte, bytesOf, decode, takeAll } from "../../domain/framing/decoding.js"
import { laws } from "../../domain/framing/laws.js"

const asArray = (request: Request): Buffer =>
  Buffer.from(`*${request.length}\r\n${request.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`, "latin1")

const anyBytes = FastCheck.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString("latin1"))

laws<Request, Reply>("resp, requests as arrays", {
  framing: resp,
  message: FastCheck.array(anyBytes, { minLength: 1, maxLength: 4 }),
  write: (message) => asArray(message as Request),
  sized: (length) => {
    const digits = length < 100 ? 2 : 5
    return asArray(["x".repeat(length - 9 - digits)])
  },
  pieces: [
    "*1\r\n$4\r\nPING\r\n",
    "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n",
    "*0\r\n",
    "*-1\r\n",
    "*1\r\n",
    "$4\r\n",
    "*9\r\n",
    "*99999999999999999999\r\n",
    "*1\r\n$-1\r\n",
    "*1\r\n:1\r\n",
    "*1\r\n$1\r\nab\r\n",
    "\r\n",
    "PING\r\n"
  ]
})

laws<Request, Reply>("resp, requests as inline commands", {
  framing: resp,
  message: FastCheck.array(FastCheck.stringMatching(/^[a-z\d:]{1,6}$/), { minLength: 1, maxLength: 3 }),
  write: (message) => bytesOf(`${(message as Request).join("  ")}\r\n`),
  sized: (length) => bytesOf(`${"x".repeat(length - 1)}\n`),
  pieces: ["\n", " \r\n", "a b\n", "\"", "\"a b\"\n", "'a\n", "\\", "\\x41", "\xa0\n", "*1\r\n$1\r\na\r\n"],
  unfinished: (beginning) => ({ messages: [[Buffer.from(beginning).toString()]] })
})

const requests = (text: string) => decode(resp, [Buffer.from(text, "latin1")]).messages
const fault = (text: string, limit?: number) => decode(resp, [Buffer.from(text, "latin1")], limit).error

describe("resp", () => {
  it("reads requests of any bytes, pipelined, as text of a character a byte", () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString("latin1")
    expect(requests(`${asArray(["SET", "k", all]).toString("latin1")}*1\r\n$4\r\nPING\r\n`)).toEqual([
      ["SET", "k", all],
      ["PING"]
    ])
  })

  it("passes over empty requests, however many, as redis-server does", () => {
    expect(requests(`${"*0\r\n\r\n*-1\r\n \r\n".repeat(10_000)}PING\r\n`)).toEqual([["PING"]])
  })

  it.each<[string, Request]>([
    ["set  key 10 ", ["set", "key", "10"]],
    ["set k \"hello world\"", ["set", "k", "hello world"]],
    [String.raw`set k "\x41\n\t\"\\\q"`, ["set", "k", "A\n\t\"\\q"]],
    [String.raw`set k 'it\'s \n'`, ["set", "k", "it's \\n"]],
    ["a\"b c\" ''", ["ab c", ""]],
    ["caf\xc3\xa0", ["caf\xc3\xa0"]]
  ])("reads the inline command %j", (line, words) => {
    expect(requests(`${line}\r\n`)).toEqual([words])
  })

  it.each(["set \"a", "set 'a", "set \"a\"b", String.raw`set 'a\'`, String.raw`set "a\"`])(
    "refuses %j: a quote is not closed, or something stands behind it",
    (line) => {
      expect(fault(`${line}\n`)).toEqual(new InvalidFrame({ reason: "unbalanced quotes in request" }))
    }
  )

  it("takes an inline command without a newline when the peer finishes, and no array that is not whole", () => {
    expect(decode(resp, [bytesOf("PING")])).toEqual({ messages: [["PING"]], error: undefined })
    expect(decode(resp, [bytesOf("PING\n  ")])).toEqual({ messages: [["PING"]], error: undefined })
    const array = bytesOf("*2\r\n$4\r\nECHO\r\n$2\r\nhi\r\n")
    for (let length = 1; length < array.length; length++) {
      expect(decode(resp, byteByByte(array.subarray(0, length)))).toEqual({
        messages: [],
        error: new InvalidFrame({ reason: "it ends before its content does" })
      })
    }
  })

  it.each([
    ["*x\r\n", "invalid multibulk length"],
    ["*\r\n", "invalid multibulk length"],
    ["*1\rx", "invalid multibulk length"],
    [`*${"0".repeat(40)}`, "invalid multibulk length"],
    ["*1\r\n+", "expected '$', got '+'"],
    ["*1\r\n$-1\r\n", "invalid bulk length"],
    ["*1\r\n$a\r\n", "invalid bulk length"],
    ["*1\r\n$1\r\nabc", "an argument is not of its length"]
  ])("refuses %j", (text, reason) => {
    expect(fault(text)).toEqual(new InvalidFrame({ reason }))
  })

  it("refuses what would be too long before it comes", () => {
    for (const text of ["*1\r\n$101\r\n", "*17\r\n", "*1000000000\r\n"]) {
      expect(fault(text, 100)).toEqual(new FrameTooLong({ limit: 100 }))
    }
  })

  it.each<[Reply, string]>([
    ["hi", "$2\r\nhi\r\n"],
    ["", "$0\r\n\r\n"],
    [-7, ":-7\r\n"],
    [null, "$-1\r\n"],
    [new Status("OK"), "+OK\r\n"],
    [new Failure("ERR no\r\nsuch\nthing"), "-ERR no  such thing\r\n"],
    [[], "*0\r\n"],
    [["a", null, [1, new Status("b")]], "*3\r\n$1\r\na\r\n$-1\r\n*2\r\n:1\r\n+b\r\n"]
  ])("writes the reply %j", (reply, bytes) => {
    expect(resp.open(100).encode(reply)).toBe(bytes)
  })

  it("writes a value's bytes as they came", () => {
    const codec = resp.open(1000)
    const value = bytesOf("smörgåsbord 💡")
    codec.push(Buffer.concat([bytesOf(`*2\r\n$4\r\nECHO\r\n$${value.length}\r\n`), value, bytesOf("\r\n")]))
    const [request] = takeAll(codec)
    expect(codec.encode(request![1]!)).toEqual(Buffer.concat([bytesOf(`$${value.length}\r\n`), value, bytesOf("\r\n")]))
  })

  it("explains a fault as redis-server does", () => {
    const [words] = resp.explain(new InvalidFrame({ reason: "invalid bulk length" }))
    expect(resp.open(100).encode(words!)).toBe("-ERR Protocol error: invalid bulk length\r\n")
  })
})
