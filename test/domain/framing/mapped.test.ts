import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as Framing from "../../../src/domain/Framing.js"
import * as Protocol from "../../../src/domain/Protocol.js"
import type { ServerEvent } from "../../../src/domain/ServerEvent.js"
import * as Model from "../../../src/programs/server/Model.js"
import * as Server from "../../../src/programs/server/Server.js"
import * as Explorer from "../../../src/programs/testing/Explorer.js"
import * as Peer from "../../../src/programs/testing/Peer.js"
import { Observer } from "../../../src/services/Observer.js"
import { bytesOf, decode, takeAll } from "./decoding.js"

const { asText, fixed, InvalidFrame, InvalidMessage, lengthPrefixed, line, map, ndjson, schema } = Framing

const numbers = map(line, {
  decode: (line) =>
    line === "" ? Either.right(undefined) : isNaN(Number(line)) ? Either.left("no number") : Either.right(Number(line)),
  encode: (number: number) => String(number)
})

/** What the peer is sent for a fault. */
const words = <In, Out>(framing: Framing.Framing<In, Out>, error: Framing.FramingError): string =>
  framing.explain(error).map((words) => String(framing.open(1000).encode(words))).join("")

describe("map", () => {
  it("makes other messages, both ways, and leaves out those that are undefined", () => {
    expect(decode(numbers, [bytesOf("1\n\n2.5\n")])).toEqual({ messages: [1, 2.5], error: undefined })
    expect(numbers.open(100).encode(3)).toBe("3\n")
  })

  it("has an InvalidFrame for what cannot be made, after the messages before it, and may go on behind it", () => {
    const codec = numbers.open(100)
    codec.push(bytesOf("1\nx\ny\n2\n"))
    expect(takeAll(codec)).toEqual([1])
    expect(codec.error).toEqual(new InvalidFrame({ reason: "no number" }))
    expect(takeAll(codec)).toEqual([])
    expect(codec.recover()).toBe(true)
    expect(takeAll(codec)).toEqual([])
    expect(codec.recover()).toBe(true)
    expect(takeAll(codec)).toEqual([2])
    expect(codec.error).toBeUndefined()
  })

  it("explains faults in the words of the framing below, however deep", () => {
    const twice = map(numbers, { decode: (number) => Either.right(-number), encode: (number: number) => -number })
    expect(words(twice, new InvalidFrame({ reason: "no number" }))).toBe("the frame is not valid: no number\n")
    expect(
      words(map(fixed(1), { decode: Either.right, encode: bytesOf }), new Framing.InvalidText())
    )
      .toBe("")
    expect(words(asText(lengthPrefixed({ size: 1 })), new Framing.InvalidText())).toBe(
      "#the message is not valid UTF-8 text"
    )
  })
})

const Point = Schema.Struct({ x: Schema.Number, y: Schema.optional(Schema.NumberFromString) })
const points = schema(ndjson, Point)

describe("schema", () => {
  it("gives values of the schema, and sends them", () => {
    expect(decode(points, [bytesOf(`{"x":1,"y":"2"}\n{"x":3}\n`)]).messages).toEqual([{ x: 1, y: 2 }, { x: 3 }])
    expect(points.open(100).encode({ x: 1, y: 2 })).toBe(`{"x":1,"y":"2"}\n`)
  })

  it("reads by one and sends by another, where there are two", () => {
    const framing = schema(line, Schema.NumberFromString, Schema.parseJson(Point))
    expect(decode(framing, [bytesOf("12\n")]).messages).toEqual([12])
    expect(framing.open(100).encode({ x: 1 })).toBe(`{"x":1}\n`)
  })

  it("tells where a message is not what it should be, and what is wrong there", () => {
    const { error, messages } = decode(points, [bytesOf(`{"x":1}\n{"x":1,"y":"two"}\n`)])
    expect(messages).toEqual([{ x: 1 }])
    expect(error).toBeInstanceOf(InvalidMessage)
    expect((error as Framing.InvalidMessage).issues[0]!.path).toEqual(["y"])
    expect(error!.message).toMatch(/^the message is not valid: at y: .*"two"/)
    expect(words(points, error!)).toBe(`${JSON.stringify({ error: error!.message })}\n`)
  })

  it("says what is wrong in few words, however long the message", () => {
    const { error } = decode(schema(line, Schema.Literal("yes")), [bytesOf(`${"no".repeat(10_000)}\n`)])
    expect(error!.message.length).toBeLessThan(250)
  })

  it("makes a message invalid where the schema would have to wait", () => {
    const slow = Schema.transformOrFail(Schema.String, Schema.String, {
      decode: (text) => Effect.as(Effect.sleep("1 second"), text),
      encode: Effect.succeed
    })
    expect(decode(schema(line, slow), [bytesOf("a\n")]).error).toBeInstanceOf(InvalidMessage)
  })

  it("throws at a value that is not of the schema: to send one is a bug", () => {
    expect(() => points.open(100).encode({ x: "1" } as never)).toThrow("Expected number")
  })

  it("says what is wrong with a message that is nested deep, and goes on", () => {
    interface Nested {
      readonly in?: Nested | undefined
    }
    const Nested: Schema.Schema<Nested> = Schema.Struct({ in: Schema.optional(Schema.suspend(() => Nested)) })
    const depth = 9000
    const text = `${"{\"in\":".repeat(depth)}{}${"}".repeat(depth)}\n`
    const codec = schema(ndjson, Nested).open(65_536)
    codec.push(bytesOf(`${text}{}\n`))
    expect(takeAll(codec)).toEqual([])
    expect(codec.error).toBeInstanceOf(InvalidMessage)
    expect(codec.recover()).toBe(true)
    expect(takeAll(codec)).toEqual([{}])
  })

  it("explains the fault to the peer before the close, and types it for observers", () => {
    const closed: Array<ServerEvent> = []
    const mirror = Protocol.requestReply({
      name: "mirror",
      framing: points,
      reply: ({ x, y = 0 }) => Effect.succeed({ x: y, y: x })
    })
    Effect.runSync(Explorer.run(
      Effect.gen(function*() {
        const server = yield* Server.make(mirror, { model: Model.select })
        const peer = yield* Peer.connect(server.address)
        yield* peer.write(`{"x":1}\n{"x":"1"}\n{"x":2}\n`)
        expect(String(yield* peer.readToEnd)).toBe(
          `{"x":0,"y":"1"}\n{"error":"the message is not valid: at x: Expected number, actual \\"1\\""}\n`
        )
      }).pipe(Effect.provideService(Observer, {
        messages: false,
        observe: (event) => {
          if (event._tag === "Closed") closed.push(event)
        }
      }))
    ))
    expect(closed).toMatchObject([{ reason: "InvalidMessage", requests: 1 }])
  })
})

describe("ndjson", () => {
  it("refuses a line that is not JSON, says so in JSON, and may go on behind it", () => {
    const codec = ndjson.open(100)
    codec.push(bytesOf("1\n{x\n2\n"))
    expect(takeAll(codec)).toEqual([1])
    expect(codec.error).toEqual(new InvalidFrame({ reason: "the line is not JSON" }))
    expect(codec.recover()).toBe(true)
    expect(takeAll(codec)).toEqual([2])
    expect(words(ndjson, new InvalidFrame({ reason: "the line is not JSON" }))).toBe(
      `{"error":"the frame is not valid: the line is not JSON"}\n`
    )
  })

  it.each([undefined, () => 1, 1n])("throws at what JSON has no words for: %s", (message) => {
    expect(() => ndjson.open(100).encode(message)).toThrow(TypeError)
  })
})
